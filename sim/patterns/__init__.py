"""How far the model agrees with what psychologists have measured: patterns, verdicts, a table and a figure."""

from sim.patterns.bench import Bench
from sim.patterns.board import PATTERNS, Scoreboard, scoreboard
from sim.patterns.pattern import Clause, Pattern

__all__ = ["PATTERNS", "Bench", "Clause", "Pattern", "Scoreboard", "scoreboard"]
