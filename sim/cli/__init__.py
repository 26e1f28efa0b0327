"""The command ``allyship``: everything the package does that fits on one line.

Nothing heavy is imported before a command needs it, so that help comes at once.
"""

from sim.cli.app import main

__all__ = ["main"]
