"""How far a long job is, on stderr: done, rate, time left, failures."""

from __future__ import annotations

import sys
import time

REDRAW = 0.2  # seconds between two drawings of the line on a terminal
REPORT = 20.0  # seconds between two lines where nothing can be redrawn (a log file, a batch job)


class Progress:
    """Count finished items and tell the user about it.

    On a terminal one line rewrites itself; elsewhere there is a first line, a last one, and one every 20 seconds.
    Call `advance` from one thread.

    Parameters
    ----------
    total : int
        How many items there will be.
    what : str
        What the items are, in the plural.
    stream : file, optional
        ``sys.stderr`` by default.

    Examples
    --------
    >>> with Progress(2, "runs", stream=sys.stdout) as progress:
    ...     progress.advance()  # doctest: +ELLIPSIS
    0 of 2 runs
    1 of 2 runs in 0:00, stopped
    """

    def __init__(self, total: int, what: str = "runs", *, stream=None, clock=time.monotonic):
        self.total, self.what = total, what
        self.done = self.failed = 0
        self._stream = sys.stderr if stream is None else stream
        self._clock = clock
        self._is_terminal = bool(getattr(self._stream, "isatty", lambda: False)())
        self._drawn = 0

    def __enter__(self) -> Progress:
        self._begun = self._told = self._clock()
        self._say(f"0 of {self.total} {self.what}")
        return self

    def __exit__(self, *problem) -> None:
        state = "" if self.done >= self.total else ", stopped"
        self._say(f"{self._count()} in {_clock_face(self._clock() - self._begun)}{state}")
        if self._is_terminal:
            self._write("\n")

    def advance(self, *, failed: bool = False) -> None:
        """Count one more finished item."""
        self.done += 1
        self.failed += failed
        now = self._clock()
        if self.done == 1:
            self._first = now
        if self.done < self.total and now - self._told >= (REDRAW if self._is_terminal else REPORT):
            self._told = now
            self._say(self.line())

    def line(self) -> str:
        """Return the present state in one line."""
        if self.done < 2 or self._clock() <= self._first:
            return self._count()
        # From the first finished item on: what came before it is mostly compilation.
        rate = (self.done - 1) / (self._clock() - self._first)
        left = (self.total - self.done) / rate
        return f"{self._count()}, {rate:.3g} per second, {_clock_face(left)} left"

    def _count(self) -> str:
        failures = f" ({self.failed} failed)" if self.failed else ""
        return f"{self.done} of {self.total} {self.what}{failures}"

    def _say(self, text: str) -> None:
        if self._is_terminal:
            self._write("\r" + text.ljust(self._drawn))  # blanks wipe what a longer line has left
            self._drawn = len(text)
        else:
            self._write(text + "\n")

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


def _clock_face(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
