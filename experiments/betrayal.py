"""When does fear of betrayal end what began well, and does repair bring it back?

python experiments/betrayal.py           one to two minutes
python experiments/betrayal.py --quick   a few seconds
"""

import pandas as pd

import sim
from sim import plots, study, sweeps

QUESTION = (
    "When does fear of betrayal end what began well: for which trust at the start, trust gained from credible support "
    "and trust lost by betrayal do allies last, what do scandals do to them, and does repair bring back what was lost?"
)
PREDICTION = (
    "Without any scandal more loss by betrayal means less trust and fewer allies, as somebody always turns away. From "
    "a silent start there is an edge, at a lower loss the less trust there is at first; where everybody begins as an "
    "ally, trust at first hardly matters and the edge lies higher. One scandal is forgotten 200 steps later but "
    "within one step of the grid of the edge; five in a row end what began well (fewer than half of the allies that "
    "the same run has without them) at most where the loss is 0.6 or more or the gain 0.1 or less. Repair from the "
    "first scandal on brings allies and trust back; begun after the last it comes too late, as nobody is left to "
    "betray. Without influence scandals cost trust but no allies; without ties neither; on rewired ties they cost as "
    "much."
)
FULL = {
    "n_people": 1000,
    "steps": 500,
    "replicates": 20,
    "trust": [0.1, 0.3, 0.5, 0.7, 0.9],
    "trust_gain": [0.05, 0.1, 0.15, 0.2, 0.25],
    "betrayal_loss": [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0],
    "nulls": ["no_influence", "independent", "rewired"],
}
QUICK = FULL | {
    "n_people": 200,
    "replicates": 3,
    "trust": [0.1, 0.5, 0.9],
    "trust_gain": [0.05, 0.15],
    "betrayal_loss": [0.0, 0.4, 1.0],
    "nulls": ["no_influence"],
}
STARTS = ["silent", "allied"]
FIRST, APART, LATE, REPAIR = 200, 20, 300, 0.6  # steps, and how much of a loss repair undoes
SERIES = [{"kind": "betrayal_scandal", "begin": FIRST + APART * i, "draw": i} for i in range(5)]  # others each time
DONE = {
    "one scandal": SERIES[:1],
    "five scandals": SERIES,
    "five, repair at once": [*SERIES, {"kind": "trust_repair", "begin": FIRST, "shift": {"repair": REPAIR}}],
    "five, repair afterwards": [*SERIES, {"kind": "trust_repair", "begin": LATE, "shift": {"repair": REPAIR}}],
}
WORDS = {
    "none": "no scandal", "five scandals": "five scandals", "five, repair at once": "five scandals, repair at once",
    "five, repair afterwards": "five scandals, repair afterwards",
}  # fmt: skip
LOOKS = {done: (*look, words) for (done, words), look in zip(WORDS.items(), plots.DISTINCT, strict=True)}
X = ("betrayal_loss", "Trust lost by betrayal")
TRUST, GAIN = ("trust", "Average trust at the start"), ("trust_gain", "Trust gained from credible support")
BY = ["null", "start", "trust", "trust_gain", "betrayal_loss", "done"]
MEASURES = ["ally_share", "token_share", "oppose_share", "mean_trust", "welcome_share", "gatekeep_share",
            "withdraw_share"]  # fmt: skip


def run(design, work):
    """Return runs, their summary by point, and what scandals and repair change, replicate by replicate."""
    trust, gain = sim.Parameters().trust, sim.Parameters().trust_gain
    losses = design["betrayal_loss"]
    cases = [("none", start, first, gain, loss, "none") for start in STARTS for first in design["trust"]
             for loss in losses]  # fmt: skip
    cases += [("none", start, trust, one, loss, done) for start in STARTS for one in design["trust_gain"]
              for loss in losses for done in ("none", "one scandal", "five scandals")]  # fmt: skip
    cases += [("none", start, trust, gain, loss, done) for start in STARTS for loss in losses for done in DONE]
    usual = sim.Parameters().betrayal_loss
    cases += [(null, start, trust, gain, usual, done) for null in design["nulls"] for start in STARTS
              for done in ("none", "five scandals")]  # fmt: skip
    axes = {"network_n_people": design["n_people"], "steps": design["steps"]}
    rows = [dict(zip([*BY[:5], "intervention"], case, strict=True)) for case in dict.fromkeys(cases)]
    runs = work.sweep(axes, kind="table", rows=rows, replicates=design["replicates"], interventions=DONE)
    runs = runs.rename(columns={"intervention": "done"})
    return {"runs": runs, "points": sweeps.summarise(runs, BY, MEASURES).round(4), "effects": effects_of(runs)}


def effects_of(runs):
    """Return paired differences to no scandal: mean, interval, and in how many replicates half of the allies are gone.

    A replicate has the same network, people and luck with and without.
    """
    rows = []
    for place, part in runs.groupby(BY[:5], sort=False):
        cases = {done: table.set_index("replicate") for done, table in part.groupby("done", sort=False)}
        for done in [one for one in cases if one != "none"]:
            for name in MEASURES:
                with_it, without = cases[done][name], cases["none"][name]
                ended = (with_it < without / 2).mean() if name == "ally_share" else None
                rows.append((*place, done, name, *study.interval(with_it - without), len(without), ended))
    columns = [*BY, "measure", "average", "low", "high", "replicates", "ended"]
    return pd.DataFrame(rows, columns=columns).round(5)


def at(table, *, null="none", start="silent", trust=None, gain=None, done=None):
    """Return the rows of one case; what is not given is at its default, `done` at all."""
    default = sim.Parameters()
    wanted = {"null": null, "start": start}
    wanted |= {} if trust == "all" else {"trust": default.trust}
    wanted |= {} if gain == "all" else {"trust_gain": default.trust_gain}
    wanted |= {} if done is None else {"done": done}
    return table[(table[list(wanted)] == pd.Series(wanted)).all(axis=1)]


def draw(design, tables, seed):
    """Draw what prevails by trust at the start and by trust gained, with and without scandals; and the way back."""
    runs = tables["runs"]
    figure = plots.figure(9.6, 15.5)
    top, middle, bottom = figure.subfigures(3, 1, height_ratios=[1, 1.9, 1.75])
    plots.heading(top, "a   Fear of betrayal by itself (no scandal): what prevails in the end")
    for ax, start in zip(top.subplots(1, 2, sharey=True), STARTS, strict=True):
        _map(ax, at(runs, start=start, trust="all", done="none"), TRUST, f"start: {plots.STARTS[start][3]}")
    plots.heading(middle, "b   Scandals: half of the people fall silent for a step, once or five times")
    for line, start in zip(middle.subplots(2, 3, sharey=True), STARTS, strict=True):
        for ax, done in zip(line, ["none", "one scandal", "five scandals"], strict=True):
            words = "no scandal" if done == "none" else done
            _map(ax, at(runs, start=start, gain="all", done=done), GAIN, f"{words}; start: {plots.STARTS[start][3]}")
    plots.heading(bottom, "c   The way back: repair from the first scandal on, or after the last")
    grid = bottom.subplots(2, 3, sharey=True, sharex=True)
    for line, start in zip(grid, STARTS, strict=True):
        for ax, name in zip(line, ["ally_share", "mean_trust", "gatekeep_share"], strict=True):
            for done, look in LOOKS.items():
                plots.lines(ax, at(runs, start=start, done=done), x=X, looks={name: look})
            plots.plain(ax, title=f"{plots.LINES[name][3]}; start: {plots.STARTS[start][3]}",
                        x=X[1] if start == STARTS[-1] else "", y="Share; trust" if ax is line[0] else "")  # fmt: skip
    plots.line_key(bottom, "lower center")
    plots.regime_key(figure, "gatekeep_share", "most marginalized people keep allies out")
    default = sim.Parameters()
    plots.note(figure, [
        f"{design['n_people']:,} people, 20 % marginalized, two groups with homophily 0.5, mean degree 10; "
        f"{design['steps']} steps, average of the last tenth; {design['replicates']} replicates per point, root seed "
        f"{seed}; a replicate has the same network, people and luck at every point.",
        "a, b: strips are shares of replicates, the symbol is the most frequent; a number says what percentage agree "
        "on it, where fewer than 90 do. c: median, "
        f"bands from 10th to 90th percentile. Scandals at step {FIRST}, or at {FIRST} and every {APART} steps to "
        f"{FIRST + 4 * APART}; repair undoes {REPAIR:g} of every loss by betrayal from step {FIRST} or {LATE} on. "
        f"Defaults: trust {default.trust:g}, gain {default.trust_gain:g}, loss {default.betrayal_loss:g}.",
    ])  # fmt: skip
    return {"betrayal": figure}


def _map(ax, runs, y, title):
    plots.regime_map(ax, runs, x=X[0], y=y[0], corner="gatekeep_share")
    plots.plain(ax, title=title, x=X[1], y=y[1] if ax.get_subplotspec().is_first_col() else "")


def findings(design, tables):
    """Say where allies last, what scandals end, what repair brings back, and what is left of it in the null models."""
    runs, effects = tables["runs"], tables["effects"]
    names = ["ally_share", "mean_trust", "gatekeep_share"]
    for start in STARTS:
        lines = [("trust", at(runs, start=start, trust="all", done="none"))]
        lines += [("trust_gain", at(runs, start=start, gain="all", done="none"))]
        for axis, table in lines:
            for (value, loss), one in table.groupby([axis, X[0]]):
                yield f"No scandal, start {start}, {axis} {value:g}, loss {loss:g}: " + ", ".join(
                    f"{name} {study.per_cent(one[name])}" for name in names) + (
                    f"; {one['regime'].value_counts().to_dict()}")  # fmt: skip

    def told(row):
        ended = f", ended in {100 * row.ended:.0f} %" if row.measure == "ally_share" else ""
        return f"{row.measure} {100 * row.average:+.1f} ({100 * row.low:+.1f} to {100 * row.high:+.1f}){ended}"

    for place, one in effects[effects["measure"].isin([*names, "withdraw_share"])].groupby(BY, sort=False):
        where = ", ".join(f"{name} {value}" for name, value in zip(BY, place, strict=True))
        yield f"{where} (points against no scandal): " + "; ".join(told(row) for row in one.itertuples())


main = study.command(__file__, question=QUESTION, prediction=PREDICTION, full=FULL, quick=QUICK, run=run, draw=draw,
                     findings=findings, settings={"starts": STARTS, "done": DONE})  # fmt: skip

if __name__ == "__main__":
    main()
