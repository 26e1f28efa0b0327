"""``python -m sim`` is the command ``allyship``."""

from sim.cli import main

main()
