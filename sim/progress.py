"""How far a long job is, on stderr or in a notebook: done, reused, failed, rate, time left, memory."""

from __future__ import annotations

import contextlib
import html
import sys
import time

REDRAW = 0.2  # seconds between two drawings of the line on a terminal
REPORT = 20.0  # seconds between two lines where nothing can be redrawn (a log file, a batch job)


class Progress:
    """Count finished items and tell the user about it.

    On a terminal one line rewrites itself; in a notebook a bar grows; elsewhere there is a first line, a last one, and
    one every 20 seconds. Call `advance` from one thread.

    Parameters
    ----------
    total : int
        How many items there will be, as far as is known; `expect` adds more.
    what : str
        What the items are, in the plural.
    stream : file, optional
        ``sys.stderr`` by default.
    memory : bool
        Whether to tell the memory of this process and its children.

    Examples
    --------
    >>> with Progress(2, "runs", stream=sys.stdout) as progress:
    ...     progress.advance()  # doctest: +ELLIPSIS
    0 of 2 runs
    1 of 2 runs in 0:00, stopped
    """

    def __init__(
        self, total: int, what: str = "runs", *, stream=None, clock=time.monotonic, memory: bool = False
    ):
        self.total, self.what = total, what
        self.done = self.failed = self.reused = 0
        self._bar = _notebook_bar() if stream is None else None
        self._stream = sys.stderr if stream is None else stream
        self._clock = clock
        self._memory = memory
        self._is_terminal = bool(getattr(self._stream, "isatty", lambda: False)())
        self._drawn = 0

    def __enter__(self) -> Progress:
        self._begun = self._told = self._clock()
        if self.total:
            self.say(self._count())
        return self

    def __exit__(self, *problem) -> None:
        state = "" if self.done >= self.total else ", stopped"
        self.say(f"{self._count()} in {_clock_face(self._clock() - self._begun)}{state}")
        if self._is_terminal and not self._bar:
            self._write("\n")

    def expect(self, count: int, *, reused: int = 0) -> None:
        """Add items to come; `reused` of them are there already."""
        self.total += count
        self.reused += reused
        self.done += reused
        if self._is_terminal or self._bar or self.total == count:  # in a log, only the first time
            self.say(self._count())

    def advance(self, *, failed: bool = False) -> None:
        """Count one more finished item."""
        self.done += 1
        self.failed += failed
        now = self._clock()
        if self.done - self.reused == 1:
            self._first = now
        is_quick = self._is_terminal or self._bar
        if self.done < self.total and now - self._told >= (REDRAW if is_quick else REPORT):
            self._told = now
            self.say(self.line())

    def line(self) -> str:
        """Return the present state in one line."""
        made = self.done - self.reused
        if made < 2 or self._clock() <= self._first:
            return self._count()
        # From the first finished item on: what came before it is mostly compilation.
        rate = (made - 1) / (self._clock() - self._first)
        left = (self.total - self.done) / rate
        memory = f", {_megabytes():.0f} MB" if self._memory else ""
        return f"{self._count()}, {rate:.3g} per second, {_clock_face(left)} left{memory}"

    def _count(self) -> str:
        about = [f"{count} {word}" for count, word in ((self.reused, "reused"), (self.failed, "failed")) if count]
        return f"{self.done} of {self.total} {self.what}" + (f" ({', '.join(about)})" if about else "")

    def say(self, text: str) -> None:
        """Tell something in the place where progress is told."""
        if self._bar:
            self._bar(text, self.done / self.total if self.total else 0.0)
        elif self._is_terminal:
            self._write("\r" + text.ljust(self._drawn))  # blanks wipe what a longer line has left
            self._drawn = len(text)
        else:
            self._write(text + "\n")

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


def _notebook_bar():
    """Return a function that draws a bar in the notebook this runs in; None elsewhere."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if shell is None or not hasattr(shell, "kernel"):
        return None
    from IPython.display import HTML, display

    def page(text: str, share: float):
        return HTML(f'<progress value="{share:.4f}" max="1" style="width: 20em"></progress> {html.escape(text)}')

    handle = display(page("", 0.0), display_id=True)
    return lambda text, share: handle.update(page(text, share))


def _megabytes() -> float:
    """Return the memory in use by this process and its children, in megabytes."""
    import psutil

    used = 0
    own = psutil.Process()
    for process in (own, *own.children(recursive=True)):
        with contextlib.suppress(psutil.Error):  # it has just ended
            used += process.memory_info().rss
    return used / 1e6


def _clock_face(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
