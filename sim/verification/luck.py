"""Random choices for checks: a pure function of (seed, case, how many were drawn before)."""

from __future__ import annotations

from sim.streams import VERIFICATION, key, philox, to_uniform


class Luck:
    """Draws for one case, with the names that NumPy's generators give them.

    Parameters
    ----------
    seed : int
    case : int
        Every case has luck of its own, whatever was drawn for others.
    """

    def __init__(self, seed: int, case: int = 0):
        self._key, self._case, self._drawn = key(seed), case, 0

    def _words(self) -> tuple[int, int, int, int]:
        self._drawn += 1
        return philox(self._drawn, self._case, VERIFICATION, 0, *self._key)

    def random(self) -> float:
        """Return a number in [0, 1)."""
        return to_uniform(*self._words()[:2])

    def uniform(self, low: float, high: float) -> float:
        """Return a number in [low, high)."""
        return low + (high - low) * self.random()

    def integers(self, low: int, high: int | None = None) -> int:
        """Return a whole number from `low` to before `high`, or from 0 to before `low`."""
        low, high = (0, low) if high is None else (low, high)
        first, second, *_ = self._words()
        return low + (first << 32 | second) * (high - low) // 2**64

    def bytes(self, count: int) -> bytes:
        """Return random bytes."""
        return bytes(self.integers(256) for _ in range(count))


def one_of(items, rng):
    """Return one of several things; `rng` is a `Luck` or a generator of NumPy."""
    items = list(items)
    return items[int(rng.integers(len(items)))]


def several(items, count: int, rng) -> list:
    """Return so many different things, in random order."""
    left = list(items)
    return [left.pop(int(rng.integers(len(left)))) for _ in range(min(count, len(left)))]
