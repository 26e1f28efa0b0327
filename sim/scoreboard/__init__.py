"""How far the model agrees with what psychologists have measured: patterns, verdicts, a table and a figure."""

from sim.scoreboard.bench import Bench
from sim.scoreboard.board import PATTERNS, Scoreboard, scoreboard
from sim.scoreboard.pattern import Clause, Pattern

__all__ = ["PATTERNS", "Bench", "Clause", "Pattern", "Scoreboard", "scoreboard"]
