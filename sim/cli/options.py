"""The building blocks of the options: headings on help pages, numbers with ranges, completion."""

from __future__ import annotations

import contextlib
import inspect
import re

import click

from sim.checks import InputError, check_count, check_number, shown

_NUMPYDOC = "\nExamples\n--------\n"
LARGEST_SEED = 2**64 - 1
MOST_STEPS = 1_000_000
WORDS = "sim.cli.words"  # where a context keeps its command line
_IN_NUMBERS = frozenset("0123456789+-.eE" + "infa")  # inf and nan are numbers too, out of every range


class Option(click.Option):
    """An option that stands under a heading of the help page."""

    def __init__(self, *args, heading: str = "Options", **kwargs):
        super().__init__(*args, **kwargs)
        self.heading = heading

    def get_help_record(self, ctx):
        """Return name and help; a default that is told in words loses the brackets that Click puts around it."""
        record = super().get_help_record(ctx)
        return None if record is None else (record[0], re.sub(r"\[default: \((.*)\)\]", r"[default: \1]", record[1]))


def help_with_examples(text: str | None) -> str | None:
    """Return a docstring as help text; the mark keeps Click from filling the lines of the examples."""
    return None if text is None else inspect.cleandoc(text).replace(_NUMPYDOC, "\n\b\nExamples:\n")


class Command(click.Command):
    """A command whose help page lists options under headings.

    Parameters
    ----------
    meant : function, optional
        Returns how a word that has no place on the command line was probably meant, or an empty text.
    """

    def __init__(self, *args, help=None, meant=lambda word: "", **kwargs):
        super().__init__(*args, help=help_with_examples(help), **kwargs)
        self.meant = meant

    def parse_args(self, ctx, args):
        """Read the command line; a word too many is refused with what it was probably meant to be."""
        ctx.meta[WORDS] = list(args)
        allowed, ctx.allow_extra_args = ctx.allow_extra_args, True
        rest = super().parse_args(ctx, args)
        ctx.allow_extra_args = allowed
        if rest and not allowed and not ctx.resilient_parsing:
            meant = self.meant(rest[0])
            ctx.fail(f"unexpected extra argument {shown(rest[0])}{f' (did you mean {meant!r}?)' if meant else ''}")
        return rest

    def format_options(self, ctx, formatter):
        """Write the options, heading by heading."""
        groups: dict[str, list] = {}
        for param in self.get_params(ctx):
            row = param.get_help_record(ctx) if isinstance(param, click.Option) else None
            if row is not None:
                groups.setdefault(getattr(param, "heading", "Options"), []).append(row)
        for heading, rows in groups.items():
            with formatter.section(heading):
                formatter.write_dl(rows)


class Whole(click.ParamType):
    """A whole number in a range."""

    name = "whole number"

    def __init__(self, low: int, high: int):
        self.low, self.high = low, high

    def convert(self, value, param, ctx):
        """Return the number, or refuse with what is allowed."""
        with contextlib.suppress(ValueError):  # what is no number is refused below, as the text it is
            value = int(value) if _is_plain(value) else value
        return check_count(param.opts[0], value, self.low, self.high)


class Number(click.ParamType):
    """A number; its range is checked by whoever knows it."""

    name = "number"

    def convert(self, value, param, ctx):
        """Return the number, or refuse what is none."""
        return check_number(param.opts[0], number_or_text(value))


class Start(click.ParamType):
    """A share of first allies, or a word."""

    name = "start"

    def convert(self, value, param, ctx):
        """Return a number if it is one."""
        return number_or_text(value)


def number_or_text(text):
    """Return a text as the number that it writes out, or as it is."""
    try:
        return float(text) if _is_plain(text) else text
    except ValueError:
        return text


def _is_plain(text) -> bool:
    """Tell whether a text has only what numbers are written with; Python itself takes 1_0 and １０ for a ten."""
    return not isinstance(text, str) or set(text) <= _IN_NUMBERS


def complete_from(names):
    """Return a shell completion that offers ``names()``, asked only when the tab key is pressed."""

    def complete(ctx, param, incomplete):
        with contextlib.suppress(InputError):  # such as: no experiments here
            return [name for name in names() if name.startswith(incomplete)]
        return []

    return complete


def value_on(words, option: str) -> str:
    """Return the value that an option has on a command line, or ``"VALUE"`` if there is none."""
    for word, following in zip(words, [*words[1:], "VALUE"], strict=True):
        name, is_there, value = word.partition("=")
        if name == option:
            given = value if is_there else following
            return given if given and not given.startswith("--") else "VALUE"
    return "VALUE"


def options_given(ctx: click.Context, names) -> dict[str, str]:
    """Return, for those of the named options that stand on the command line, how they are written."""
    spelt = {param.name: param.opts[0] for param in ctx.command.params}
    default = click.core.ParameterSource.DEFAULT
    return {name: spelt[name] for name in names if ctx.get_parameter_source(name) not in (default, None)}
