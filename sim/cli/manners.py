"""How the command behaves when something goes wrong: one plain line, never a traceback, and an exit code.

0 done; 1 a repeated run came out differently, one of many failed, or a check fails; 2 something given cannot be
used; 130 stopped by Ctrl-C; 141 whoever was reading the output has left.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
import threading
import warnings

import click

from sim.checks import InputError, closest, nearest, shown
from sim.cli.options import WORDS, help_with_examples, value_on
from sim.parameters import Parameters

DIFFERENT, UNUSABLE, STOPPED, UNREAD = 1, 2, 130, 141
_LONGEST_LINE = 1000


class PoliteGroup(click.Group):
    """A group of commands that suggests the nearest name, and says in one line what cannot be done."""

    def __init__(self, *args, help=None, **kwargs):
        super().__init__(*args, help=help_with_examples(help), **kwargs)

    def parse_args(self, ctx, args):
        """Read the command line; ``help`` in front of a command, or alone, is its ``--help``."""
        return super().parse_args(ctx, [*args[1:], "--help"] if args[:1] == ["help"] else args)

    def resolve_command(self, ctx, args):
        """Find the command, or name the nearest."""
        name = args[0]
        if not name.startswith("-") and self.get_command(ctx, name) is None and not ctx.resilient_parsing:
            known = self.list_commands(ctx)
            raise InputError(f"command {shown(name)} is not known{nearest(name, known)}; allowed: {', '.join(known)}")
        return super().resolve_command(ctx, args)

    def main(self, *args, standalone_mode=True, **extra):
        """Run the command line; in standalone mode (as a program) end with an exit code."""
        if not standalone_mode:
            return super().main(*args, standalone_mode=False, **extra)
        sys.stdout = _Closed.at(os.O_RDONLY) if sys.stdout is None else sys.stdout  # writing to it is an error
        sys.stderr = _Closed.at(os.O_WRONLY) if sys.stderr is None else sys.stderr  # what it is told is lost
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(AttributeError, ValueError):  # not every stand-in for a stream can do this
                stream.reconfigure(errors="backslashreplace")  # a terminal without τ shows \u03c4
        sys.exit(self._exit_code(*args, **extra))

    def _exit_code(self, *args, **extra) -> int:
        stdout = sys.stdout
        try:
            code = super().main(*args, standalone_mode=False, **extra)
            sys.stdout.flush()
            return code if isinstance(code, int) else 0
        except SystemExit as end:  # completion ends so; and Click, with a stand-in for an output nobody reads
            return end.code if sys.stdout is stdout else UNREAD
        except BrokenPipeError:
            return UNREAD
        except click.Abort:
            return _say("stopped", STOPPED)
        except click.ClickException as problem:
            return _say(f"error: {_usage(problem)}", UNUSABLE)
        except InputError as problem:
            return _say(f"error: {problem}", UNUSABLE)
        except OverflowError as problem:
            return _say(f"error: a number is too large to be used ({problem}); give a smaller one", UNUSABLE)
        except MemoryError:
            return _say("error: not enough memory for this many people, ties or steps; ask for fewer", UNUSABLE)
        except OSError as problem:
            place = f"'{problem.filename}'" if problem.filename else "the output"
            if not problem.filename:
                _give_up_output()
            return _say(f"error: cannot use {place}: {problem.strerror or problem}", UNUSABLE)


class _Closed(io.TextIOWrapper):
    """Stands in for an output that was closed before the program began, as with ``>&-``."""

    @classmethod
    def at(cls, mode: int):
        """Return a stand-in that leads nowhere."""
        return cls(open(os.open(os.devnull, mode), "wb"), encoding="utf-8", line_buffering=True)


def _give_up_output() -> None:
    """Let what could not be written go nowhere, or Python tries again at its end and fails loudly."""
    with contextlib.suppress(OSError, ValueError, AttributeError):  # not every stand-in for a stream is a file
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def is_output_closed() -> bool:
    """Tell whether there is no standard output to print to."""
    return isinstance(sys.stdout, _Closed)


def note(text: str) -> None:
    """Say something worth knowing that is no failure, in one line on the error stream."""
    click.echo(one_line(f"note: {text}"), err=True)


@contextlib.contextmanager
def warnings_as_notes(category: type[Warning]):
    """Show warnings of a category as notes instead."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", category)
        yield
    for warning in caught:
        if issubclass(warning.category, category):
            note(str(warning.message))


def interruptible(work):
    """Return ``work()``, done in a thread: compiled code does not hear Ctrl-C, this thread does."""
    outcome = {}

    def keep():
        try:
            outcome["value"] = work()
        except BaseException as problem:
            outcome["problem"] = problem

    worker = threading.Thread(target=keep, daemon=True)
    worker.start()
    try:
        while worker.is_alive():
            worker.join(0.1)
    except KeyboardInterrupt:  # leave at once: Python cannot end tidily while compiled code goes on
        os._exit(_say("stopped", STOPPED))
    if "problem" in outcome:
        raise outcome["problem"]
    return outcome["value"]


def one_line(text: str) -> str:
    """Return text that stays on one line and cannot play tricks on a terminal."""
    safe = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return safe if len(safe) <= _LONGEST_LINE else safe[:_LONGEST_LINE] + "..."


def _say(text: str, code: int) -> int:
    with contextlib.suppress(BrokenPipeError):
        click.echo(one_line(text), err=True)
    return code


def _usage(problem: click.ClickException) -> str:
    """Return the message of a command line that click refuses, with the way to the help."""
    ctx = getattr(problem, "ctx", None)
    text = problem.format_message().rstrip(".")
    if isinstance(problem, click.NoSuchOption) and ctx is not None:
        text = f"option {shown(problem.option_name)} is not known{_meant(problem.option_name, ctx)}"
    return f"{text}; '{ctx.command_path} --help' tells what is allowed" if ctx is not None else text


def _meant(option: str, ctx) -> str:
    """Return what an unknown option may have been: a parameter of the model, or the nearest option."""
    known = [name for param in ctx.command.get_params(ctx) for name in param.opts if name.startswith("-")]
    written = option.removeprefix("--").replace("-", "_")
    near = nearest(option, known)
    parameters = [written] if written in Parameters.names() else [] if near else closest(written, Parameters.names())
    if "--set" in known and parameters:
        return f" (did you mean '--set {parameters[0]}={value_on(ctx.meta[WORDS], option)}'?)"
    return near
