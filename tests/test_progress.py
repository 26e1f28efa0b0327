"""How far a long job is, told on a terminal and in a log."""

from __future__ import annotations

import io
import sys
import types

from sim.progress import Progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


def advanced(stream, seconds, items=4, **outcome):
    now = [0.0]
    with Progress(items, "runs", stream=stream, clock=lambda: now[0]) as progress:
        for second in seconds:
            now[0] = float(second)
            progress.advance(**outcome)
    return stream.getvalue()


def test_progress_rewrites_one_line_on_a_terminal():
    text = advanced(Terminal(), [1, 2, 3, 4])
    assert text.count("\n") == 1 and text.endswith("\n")
    assert "2 of 4 runs, 1 per second, 0:02 left" in text
    assert "4 of 4 runs in 0:04" in text


def test_progress_is_quiet_in_a_log_but_not_for_long():
    assert advanced(io.StringIO(), [1, 2, 3, 4]) == "0 of 4 runs\n4 of 4 runs in 0:04\n"
    assert "2 of 4 runs, 0.0417 per second, 0:48 left\n" in advanced(io.StringIO(), [1, 25, 26, 27])


def test_progress_counts_failures_and_tells_an_early_end():
    assert "(4 failed)" in advanced(io.StringIO(), [1, 2, 3, 4], failed=True)
    assert advanced(io.StringIO(), [1, 2]).endswith("2 of 4 runs in 0:02, stopped\n")


def test_what_is_reused_is_told_and_does_not_count_for_the_rate():
    now = [0.0]
    stream = io.StringIO()
    with Progress(0, "runs", stream=stream, clock=lambda: now[0]) as progress:
        progress.expect(10, reused=6)
        for second in (25, 26):
            now[0] = float(second)
            progress.advance()
        assert progress.line() == "8 of 10 runs (6 reused), 1 per second, 0:02 left"
    assert "6 of 10 runs (6 reused)\n" in stream.getvalue()


def test_rounds_add_up_and_memory_is_told_when_asked_for():
    now = [0.0]
    with Progress(0, "runs", stream=Terminal(), clock=lambda: now[0], memory=True) as progress:
        progress.expect(3)
        progress.expect(2)
        for second in (1, 2):
            now[0] = float(second)
            progress.advance()
        assert progress.line().startswith("2 of 5 runs, 1 per second, 0:03 left, ")
        assert progress.line().endswith(" MB")


def test_in_a_notebook_one_bar_grows(monkeypatch):
    """With a stand-in for IPython: what is displayed once is updated from then on."""
    shown = []

    class Handle:
        def update(self, page):
            shown.append(page)

    display = types.ModuleType("IPython.display")
    display.HTML = str
    display.display = lambda page, display_id: shown.append(page) or Handle()
    notebook = types.ModuleType("IPython")
    notebook.get_ipython = lambda: types.SimpleNamespace(kernel=object())
    monkeypatch.setitem(sys.modules, "IPython", notebook)
    monkeypatch.setitem(sys.modules, "IPython.display", display)
    with Progress(4, "<runs>") as progress:
        progress.advance()
    assert 'value="0.0000"' in shown[1] and 'value="0.2500"' in shown[-1]
    assert "1 of 4 &lt;runs&gt; in 0:00, stopped" in shown[-1]
