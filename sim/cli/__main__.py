"""``python -m sim.cli`` is the command ``allyship``."""

from sim.cli import main

main()
