"""What a run shows of itself: its course, its people step by step, and a card."""

from __future__ import annotations

from sim.checks import InputError, check_count
from sim.counting import counted
from sim.plots import cards
from sim.plots.crowd import crowd_of
from sim.plots.film import film
from sim.plots.groups import run_figure
from sim.plots.looks import REGIMES, RESPONSES, STANCES
from sim.plots.shapes import acts_as_words, picture

MOST_STEPS = 2_000  # of a film; every step is kept in the page
CAVEAT = "An illustration of what can follow from these rules, not a prediction."


def plot(run):
    """Return the figure of a run: what both groups show at every step."""
    if not run.is_observed:
        raise InputError("plot needs the measures of every step: run simulate(..., observe=True)")
    first, last = run.first_step, _last_step(run)
    marks = [(one.begin, _kind(one)) for one in run.interventions if first <= one.begin <= last]
    return run_figure(run.history, _sizes(run), notes=[_told(run), CAVEAT], marks=marks)


def animate(run, *, first: int | None = None, last: int | None = None, around=None, most: int):
    """Return the film of a run of which people were recorded."""
    if run.trajectory is None:
        raise InputError("animate needs what everybody did at every step: run simulate(..., record_people=True)")
    begin, end = run.first_step, _last_step(run)
    first = check_count("first", begin if first is None else first, begin, end)
    last = check_count("last", end if last is None else last, first, end)
    if last - first >= MOST_STEPS:
        raise InputError(f"animate shows at most {MOST_STEPS} steps, not {last - first + 1}: give first and last")
    crowd = crowd_of(run.network, around=around, most=most)
    acts = run.trajectory["act"][first - begin : last - begin + 1, crowd.people]
    return film(crowd, acts, first_step=first, note=_told(run))


def card(run) -> str:
    """Return a run as HTML: what both groups show in the end, and its people."""
    crowd = crowd_of(run.network)
    words = acts_as_words(run.state.act[crowd.people].tolist(), crowd.is_marginalized)
    end = f"Averages over the last {'step' if len(run.tail) == 1 else f'{len(run.tail)} steps'}."
    told = [end, _told(run), f"Picture: step {run.state.step}.", crowd.told]
    return cards.card(
        f"Run of {counted(run.steps, 'step')}: {REGIMES[str(run.regime)][3]}",
        cards.beside(_ends(run), picture(crowd, words)),
        cards.small(" ".join(part for part in told if part)),
        cards.small(CAVEAT),
    )


def _ends(run) -> str:
    means = run.tail.mean()
    groups = zip(("Advantaged group", "Marginalized group"), (STANCES[::-1], RESPONSES[::-1]), _sizes(run), strict=True)
    return "".join(
        cards.bars(title, {word: means[f"{word}_share"] for word in words}, n_people)
        for title, words, n_people in groups
    )


def _sizes(run) -> tuple[int, int]:
    return run.network.n_advantaged, run.network.n_marginalized


def _last_step(run) -> int:
    return run.first_step + run.steps


def _kind(intervention) -> str:
    return intervention.kind.replace("_", " ")


def _told(run) -> str:
    """Return what a run rests on, in a sentence."""
    start = f"{run.start} start" if isinstance(run.start, str) and run.start.isalpha() else f"start: {run.start}"
    changes = ", ".join(f"{name} = {value:g}" for name, value in run.parameters.changes().items())
    last = _last_step(run)
    done = ", ".join(dict.fromkeys(_kind(one) for one in run.interventions if one.begin <= last))
    about = [
        f"One run: seed {run.seed}, start_seed {run.start_seed}, {start}; with other seeds it may go otherwise",
        f"parameters as by default{f', but {changes}' if changes else ''}",
        *([f"done to it: {done}"] if done else []),
        *(told.replace("_", " ") for told in run.not_done),
    ]
    return "; ".join(about) + "."
