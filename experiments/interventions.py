"""What helps: which intervention brings most, alone, together and for its effort, and where does each backfire?

python experiments/interventions.py           two to three minutes
python experiments/interventions.py --quick   some ten seconds
"""

import itertools

import numpy as np
import pandas as pd

import sim
from sim import plots, study
from sim.interventions import CATALOGUE
from sim.parameters import preset
from sim.plots.looks import BLUE, GREEN, INDIGO, INK, SOFT, WHITE

QUESTION = (
    "Which intervention brings most allies and trust, by itself, per unit of effort and together with another, and in "
    "which situation does an intervention that is meant to help do harm to either group?"
)
PREDICTION = (
    "Near the tipping line (default parameters) nearly everything helps; protection and accountability bring most, and "
    "per unit of effort leader endorsement and committed allies do, as the norm multiplies a few. In silence only "
    "bystander training and norm feedback bring allies; in opposition nothing does but accountability, protection and "
    "committed allies, and those little; in hollow support only the curb of token acts brings trust. Empathy and "
    "contact are too slow for 300 steps. Amplified voices and repair bring trust; safe spaces only keep people from "
    "withdrawing. Doses have diminishing returns at the default parameters. Pairs bring less than their sum there, as "
    "allies have a ceiling. Backfires: bystander training makes opposing easier as well, so it costs allies and trust "
    "where opposition is the norm; ties across groups spread stigma, so they cost allies where stigma rubs off "
    "strongly; the curb of token acts costs trust near the tipping line, where token acts are a stepping stone, and "
    "makes people withdraw. Harmful ones help: a token campaign out of silence, a scandal out of opposition, as "
    "opposers fall silent too. Without influence only what acts on private sympathy, effort or stances is left; on "
    "rewired ties effects are as large."
)
FULL = {
    "n_people": 1000,
    "steps": 400,
    "begin": 100,
    "replicates": 30,
    "doses": [0.5, 1.5, 2.0],  # times the catalogue's, besides 1
    "relevant": 0.005,  # less is drawn and listed as no difference
}
QUICK = FULL | {"n_people": 100, "steps": 60, "begin": 15, "replicates": 2, "doses": [2.0]}
SITUATIONS = {  # words, preset, start, null model
    "default": ("default parameters", "default", "silent", "none"),
    "default, opposed": ("the same, start opposed", "default", "opposed", "none"),
    "silence": ("silence", "silence", "silent", "none"),
    "hollow": ("hollow support", "hollow", "silent", "none"),
    "spread": ("allies spread", "spread", "silent", "none"),
    "opposition": ("opposition, start opposed", "opposition", "opposed", "none"),
    "no influence": ("null model: no influence", "default", "silent", "no_influence"),
    "rewired": ("null model: ties rewired", "default", "silent", "rewired"),
}
MAIN = list(SITUATIONS)[:6]  # without the null models
WHOLE = MAIN[:2]  # where doses and pairs are run as well
HELPFUL = [name for name, entry in CATALOGUE.items() if not entry.is_harmful]
HARMFUL = [name for name, entry in CATALOGUE.items() if entry.is_harmful]
# Where more is better (1), worse (-1), or depends on what it is made of (0).
MEASURES = {"ally_share": 0, "others_ally": 1, "expressed_support": 0, "others_expressed": 0, "others_oppose": -1,
            "mean_trust": 1, "welcome_share": 1, "gatekeep_share": -1, "withdraw_share": -1}  # fmt: skip
SHOWN = {"others_ally": "allies", "mean_trust": "average trust"}
KEYS = ["part", "situation", "intervention", "dose"]
MARKS = {1: (BLUE, "^", "#D6E6F2", "certainly more"),
         0: (WHITE, "o", "#FFFFFF", "0 in the interval, or less than half a point"),
         -1: (INDIGO, "X", "#C4C0D6", "certainly less")}  # fmt: skip


def plan(design, *names, dose=1.0):
    """Return what is done: some of the catalogue, `dose` times as strong, or on so many times as many people."""
    made = []
    for name in names:
        about = CATALOGUE[name].defaults
        by_share = "force" in about or "ties" in about  # stances and ties are there or not, whatever the strength
        more = {"share": dose * about["share"]} if by_share else {"strength": dose}
        made.append(sim.intervention(name, begin=design["begin"], **more))
    return made


def effort(design, done):
    """Return the effort of a plan: share of all people reached x strength x share of the steps it lasts, summed up."""
    total, share_of = 0.0, {"both": 1.0, "advantaged": 0.8, "marginalized": 0.2}
    for one in done:
        steps = (one.end or design["steps"]) - one.begin
        reached = share_of[one.group] * (1.0 if one.share is None else one.share)
        total += reached * one.strength * steps / design["steps"]
    return total


def made_allies(design, done):
    """Return the share of advantaged people who are allies by force; those of two rules overlap by chance."""
    advantaged = 0.8 * design["n_people"]
    return 1 - np.prod([1 - round(one.share * advantaged) / advantaged for one in done if one.force == "ally"])


def run(design, work):
    """Return all runs; effects by situation and dose; pairs; harm by what is meant to help, and help by harm."""
    alone = {f"only {name}": (name, 1.0, plan(design, name)) for name in CATALOGUE}
    doses = {f"{name} x {dose:g}": (name, dose, plan(design, name, dose=dose))
             for name in HELPFUL for dose in design["doses"]}  # fmt: skip
    pairs = {f"{a} + {b}": (f"{a} + {b}", 1.0, plan(design, a, b)) for a, b in itertools.combinations(HELPFUL, 2)}
    tables = []
    for situation, (_, name, start, null) in SITUATIONS.items():
        plans = alone | doses | pairs if situation in WHOLE else alone
        axes = {"network_n_people": design["n_people"], "steps": design["steps"], "start": start, "null": null,
                "intervention": ["none", *plans]}  # fmt: skip
        table = work.sweep(axes, parameters=preset(name).changes(), replicates=design["replicates"],
                           interventions={key: done for key, (_, _, done) in plans.items()})  # fmt: skip
        parts = {"none": ("without", "none", 0.0, 0.0)}
        for part, some in (("alone", alone), ("dose", doses), ("pair", pairs)):
            parts |= {key: (part, *about[:2], made_allies(design, about[2])) for key, about in some.items()}
        told = pd.DataFrame([parts[key] for key in table["intervention"]], index=table.index)
        table[["part", "intervention", "dose", "made"]] = told
        tables.append(table.assign(situation=situation))
    runs = pd.concat(tables, ignore_index=True)
    # Those who are made allies are no success: what counts is what the others do.
    others = 1 - runs["made"]
    runs["others_ally"] = (runs["ally_share"] - runs["made"]) / others
    runs["others_expressed"] = (runs["expressed_support"] - runs["made"]) / others
    runs["others_oppose"] = runs["oppose_share"] / others
    effects = effects_of(design, runs)
    sides = effects[(effects["part"] == "alone") & effects["situation"].isin(MAIN)]
    against = sides["measure"].map(MEASURES) * np.where(sides["intervention"].isin(HARMFUL), -1, 1)
    # Keeping out and withdrawing are two answers: whoever no longer gives one may give the other. That is told apart.
    down = sides[sides["measure"].isin(["others_ally", "mean_trust", "welcome_share"]) & (sides["certain"] < 0)]
    fallen = set(zip(down["situation"], down["intervention"], strict=True))
    is_side = [key in fallen for key in zip(sides["situation"], sides["intervention"], strict=True)]
    backfires = sides.assign(costs_allies_trust_or_welcome=is_side)[(against * sides["certain"]) < 0]
    pairs = pd.concat([pairs_of(design, runs, where) for where in WHOLE], ignore_index=True)
    return {"runs": runs, "effects": effects.round(5), "pairs": pairs.round(5),
            "backfires": backfires.drop(columns=["part", "dose", "certain"]).round(4)}  # fmt: skip


def certain(low, high, middle=1.0, relevant=0.0):
    """Return 1 where an interval is above 0, -1 where it is below, else 0; and 0 where the middle is too small."""
    return (int(low > 0) - int(high < 0)) * int(abs(middle) >= relevant)


def effects_of(design, runs):
    """Return what each plan changes against the same runs without it (paired), and that per unit of effort."""
    rows, runs = [], runs.set_index("replicate")
    without = {situation: one for situation, one in runs[runs["part"] == "without"].groupby("situation")}
    for key, one in runs[runs["part"].isin(["alone", "dose"])].groupby(KEYS, sort=False):
        spent = effort(design, plan(design, key[2], dose=key[3]))
        for name in MEASURES:
            change = one[name] - without[key[1]][name]
            middle, low, high = study.interval(change)
            per_effort = (middle / spent, low / spent, high / spent)
            rows.append((*key, name, without[key[1]][name].mean(), middle, low, high, change.median(),
                         certain(low, high, middle, design["relevant"]), spent, *per_effort, len(one)))  # fmt: skip
    about = ["measure", "without", "effect", "low", "high", "median", "certain", "effort", "per_effort",
             "per_effort_low", "per_effort_high", "replicates"]  # fmt: skip
    return pd.DataFrame(rows, columns=[*KEYS, *about])


def pairs_of(design, runs, situation):
    """Return, in one situation, what two do together, and how much more than the sum of either that is."""
    rows, here = [], runs[runs["situation"] == situation].set_index("replicate")
    cases = {name: one for name, one in here[here["part"] != "dose"].groupby("intervention", sort=False)}
    for a, b in itertools.combinations(HELPFUL, 2):
        for name in MEASURES:
            none, one, other, both = (cases[case][name] for case in ("none", a, b, f"{a} + {b}"))
            inter, best = both - one - other + none, both - max(one, other, key=np.mean)
            bounds = [study.interval(values) for values in (both - none, inter, best)]
            sure = certain(*bounds[1][1:], bounds[1][0], design["relevant"])
            rows.append((situation, a, b, name, *bounds[0], *bounds[1], inter.median(), sure, *bounds[2]))
    bounds = [[f"{what}{end}" for end in ("", "_low", "_high")] for what in ("both", "interaction", "beyond_larger")]
    about = [*bounds[0], *bounds[1], "median", "certain", *bounds[2]]
    return pd.DataFrame(rows, columns=["situation", "first", "second", "measure", *about])


def draw(design, tables, seed):
    """Draw three pages: the card of effects; pairs, effort and doses from a silent and from an opposed start."""
    effects = tables["effects"]
    card = plots.figure(9.6, 13.2)
    names = [*HELPFUL, *HARMFUL]
    harm = {"gatekeep_share": "s", "withdraw_share": "v"}
    for part, letter, (measure, words) in zip(card.subfigures(2, 1), "ab", SHOWN.items(), strict=True):
        more = " among those who are not made allies" if measure == "others_ally" else " of marginalized people"
        plots.heading(part, f"{letter}   {plots.capital(words)}{more}: what each changes, in points")
        alone = effects[effects["part"] == "alone"].set_index(["intervention", "situation", "measure"])
        cells = {(x, y): alone.loc[(name, case, measure), ["effect", "low", "high", "certain"]]
                 for x, case in enumerate(SITUATIONS) for y, name in enumerate(names)}  # fmt: skip
        ax = part.subplots()
        base = [100 * alone.loc[(names[0], case, measure), "without"] for case in SITUATIONS]
        columns = [wrapped(words, 15) for words, *_ in SITUATIONS.values()]
        columns = [f"{words}\nwithout: {level:.0f} %" for words, level in zip(columns, base, strict=True)]
        draw_cells(ax, cells, columns, names)
        if measure == "mean_trust":
            for (x, y), (aside, (share, marker)) in itertools.product(cells, enumerate(harm.items())):
                if alone.loc[(names[y], list(SITUATIONS)[x], share), "certain"] > 0:
                    ax.plot([x + 0.4], [y - 0.2 + 0.4 * aside], marker=marker, markersize=4.2, color=WHITE,
                            markeredgecolor=INK, markeredgewidth=0.9)  # fmt: skip
        ax.axhline(len(HELPFUL) - 0.5, color=INK, linewidth=1.8)
        ax.axvline(len(MAIN) - 0.5, color=INK, linewidth=1.8)
    marks_key(card, [("s", WHITE, "certainly more people keep allies out"),
                     ("v", WHITE, "certainly more people withdraw")])  # fmt: skip
    said = (
        f"{design['n_people']:,} people, 20 % marginalized, two groups with homophily 0.5, mean degree 10; "
        f"{design['steps']} steps, everything begins at step {design['begin']} and lasts (the scandal: one step), "
        f"average of the last tenth; {design['replicates']} replicates, root seed {seed}."
    )
    plots.note(card, [
        said, "Means and 95 % intervals (Student's) of paired differences, with against without: same network, people "
        "and luck. Below the thick line the harmful ones, right of it null models. Presets and starts (silent unless "
        "said otherwise). Where more keep allies out or withdraw, fewer may give the other of these two answers. "
        f"Of {len(names) * len(SITUATIONS)} intervals in a panel some five in a hundred miss the true "
        "value by chance.",
    ])  # fmt: skip
    card.get_layout_engine().set(rect=(0.03, 0, 0.97, 1))  # room for long words on the left
    pages = [draw_together(design, tables, said, where) for where in WHOLE]
    return {"interventions": card} | dict(zip(("together", "together_opposed"), pages, strict=True))


def draw_cells(ax, cells, columns, rows):
    """Draw a card: a shade and a symbol for what is certain, the effect and its interval in points."""
    for (x, y), (effect, low, high, sure) in cells.items():
        colour, marker, shade, _ = MARKS[sure]
        ax.fill_between([x - 0.48, x + 0.48], y - 0.45, y + 0.45, color=shade, linewidth=0)
        ax.plot([x - 0.35], [y], marker=marker, markersize=6, color=colour, markeredgecolor=INK, markeredgewidth=0.7)
        ax.text(x - 0.22, y, f"{tidy(effect)}", fontsize=8.5, va="center", fontweight="bold")
        ax.text(x + 0.09, y, f"{tidy(low)}\n{tidy(high)}", fontsize=5.8, va="center", color=INK, linespacing=1.05)
    frame(ax, columns, [name.replace("_", " ") for name in rows])


def frame(ax, columns, rows):
    """Give a card its words, above and on the left."""
    ax.set_xticks(range(len(columns)), columns)
    ax.set_yticks(range(len(rows)), [plots.capital(row) for row in rows])
    ax.xaxis.tick_top()
    ax.set_xlim(-0.5, len(columns) - 0.5)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    plots.plain(ax)
    ax.tick_params(labelsize=7.5, length=0)
    for spine in ax.spines.values():
        spine.set_visible(False)


def draw_together(design, tables, said, situation):
    """Draw interactions of pairs, effects per unit of effort, and doses, in one situation."""
    start = SITUATIONS[situation][2]
    effects, page = tables["effects"], plots.figure(9.6, 14.6)
    top, low = page.subfigures(2, 1, height_ratios=[1, 0.92])
    plots.heading(top, f"a   Pairs, start {start}: both together minus the sum of either alone, in points")
    ax, at = top.subplots(), {name: place for place, name in enumerate(HELPFUL)}
    here = effects[(effects["part"] == "alone") & (effects["situation"] == situation)]
    alone = here.set_index(["intervention", "measure"])
    pairs = tables["pairs"][tables["pairs"]["situation"] == situation]
    places = [(at[row.first], at[row.second], row.interaction, row.certain)
              for row in pairs.itertuples() if row.measure == "others_ally"]  # fmt: skip
    places += [(at[row.second], at[row.first], row.interaction, row.certain)
               for row in pairs.itertuples() if row.measure == "mean_trust"]  # fmt: skip
    for x, y, value, sure in places:
        ax.fill_between([x - 0.47, x + 0.47], y - 0.45, y + 0.45, color=MARKS[sure][2], linewidth=0)
        ax.text(x, y, tidy(value), fontsize=8, ha="center", va="center", color=INK if sure else SOFT)
    for name, place in at.items():
        ax.text(place, place, tidy(alone.loc[(name, "others_ally"), "effect"]), fontsize=8.5, ha="center", va="center",
                fontweight="bold", bbox={"facecolor": WHITE, "edgecolor": INK, "linewidth": 0.8})  # fmt: skip
    frame(ax, [wrapped(name, 40) for name in HELPFUL], [name.replace("_", " ") for name in HELPFUL])
    ax.set_xticks(ax.get_xticks(), [wrapped(name, 40) for name in HELPFUL], rotation=30, ha="left")
    ranked = here[here["measure"] == "others_ally"].set_index("intervention")["per_effort"]
    ranked = ranked[HELPFUL].sort_values(ascending=False).index
    ax, card = low.subplots(1, 2, sharey=True, width_ratios=[1, 1.5])
    draw_effort(ax, alone, ranked)
    doses = sorted([1.0, *design["doses"]])
    cells = effects[effects["part"].isin(["alone", "dose"]) & (effects["situation"] == situation)]
    cells = cells.set_index(["intervention", "dose", "measure"])[["effect", "certain"]]
    columns = [(dose, measure) for measure in SHOWN for dose in doses]
    for (x, column), (y, name) in itertools.product(enumerate(columns), enumerate(ranked)):
        effect, sure = cells.loc[(name, *column)]
        card.fill_between([x - 0.47, x + 0.47], y - 0.45, y + 0.45, color=MARKS[sure][2], linewidth=0)
        card.text(x, y, tidy(effect), fontsize=8, ha="center", va="center", color=INK if sure else SOFT)
    words = [f"{measure.removeprefix('average ')}\nx {dose:g}" for measure in SHOWN.values() for dose in doses]
    frame(card, words, [name.replace("_", " ") for name in ranked])
    card.axvline(len(doses) - 0.5, color=INK, linewidth=1.2)
    for part, words in ((ax, "b   Points per unit of effort"), (card, "c   Doses: points against without")):
        part.set_title(words, loc="left", fontsize=10.5, fontweight="bold", color=INK)
    plots.line_key(low, "lower left")
    marks_key(page)
    runs = tables["runs"]
    regimes = runs.loc[(runs["part"] == "without") & (runs["situation"] == situation), "regime"].value_counts()
    without = ", ".join(f"{count} {name}" for name, count in regimes.items())
    plots.note(page, [
        said, "a: below the diagonal allies, above it trust; framed: allies by one alone. Effort (assumed): share of "
        "all people reached x strength x share of the steps it lasts; somebody who is made an ally counts as much as "
        "one whose knobs are changed. Everybody for all steps is 1; what a unit costs in the world is not known. "
        "b, c: in the order of b.",
        "All effects are paired differences (same network, people and luck); allies among those who are not made "
        "allies; unshaded where the 95 % interval holds 0. Dose: so many times the strength in the catalogue (ties, "
        "endorsement and committed allies: so many times as many people). Default parameters, start "
        f"{start}; what prevails without anything, in replicates: {without}; means include those that are tipped.",
    ])  # fmt: skip
    page.get_layout_engine().set(rect=(0.03, 0, 0.95, 1))
    return page


def draw_effort(ax, alone, ranked):
    """Draw allies and trust won per unit of effort."""
    ax.axvline(0, color=INK, linewidth=0.6)
    for aside, (measure, look) in zip((-0.15, 0.15), {"others_ally": (BLUE, "^"), "mean_trust": (GREEN, "d")}.items(),
                                      strict=True):  # fmt: skip
        one = 100 * alone.xs(measure, level="measure").loc[ranked]
        middle = one["per_effort"]
        ax.errorbar(middle, np.arange(len(one)) + aside, color=look[0], marker=look[1], linestyle="none", markersize=5,
                    xerr=[middle - one["per_effort_low"], one["per_effort_high"] - middle], elinewidth=1.3,
                    label=SHOWN[measure])  # fmt: skip
    plots.plain(ax, x="Points per unit (compressed beyond 10)")
    ax.set_xscale("symlog", linthresh=10)
    ax.set_xticks([-100, -10, 0, 10, 100, 1000], ["-100", "-10", "0", "10", "100", "1,000"], minor=False)
    ax.set_xticks([], minor=True)


def marks_key(figure, more=()):
    """Add a legend of shades and symbols above a figure."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    entries = {}
    for colour, marker, shade, words in MARKS.values():
        symbol = Line2D([], [], linestyle="none", marker=marker, color=colour, markeredgecolor=INK, markersize=6)
        entries[words] = (Patch(facecolor=shade, edgecolor="#BBBBBB"), symbol)
    for marker, colour, words in more:
        entries[words] = Line2D([], [], linestyle="none", marker=marker, color=colour, markeredgecolor=INK)
    figure.legend(entries.values(), entries.keys(), loc="outside upper center", ncols=3, handleheight=1.3,
                  **plots.looks.QUIET)  # fmt: skip


def tidy(share):
    """Return a difference of shares in whole points, with its sign; 0 without one."""
    points = round(100 * share)
    return f"{points:+d}" if points else "0"


def wrapped(text, width):
    """Return words on short lines."""
    from textwrap import wrap

    return "\n".join(wrap(plots.capital(text.replace("_", " ")), width, break_long_words=False))


def findings(design, tables):
    """Say what each does, per effort, by dose, in pairs, and where it backfires."""

    def told(row, name="effect"):
        bounds = ("low", "high") if name == "effect" else (f"{name}_low", f"{name}_high")
        middle, low, high = (100 * getattr(row, one) for one in (name, *bounds))
        return f"{middle:+.1f} ({low:+.1f} to {high:+.1f})"

    effects, harms = tables["effects"], tables["backfires"]
    for (part, situation, name, dose), one in effects.groupby(KEYS, sort=False):
        yield f"{part}, {situation}, {name} x {dose:g} (points): " + ", ".join(
            f"{row.measure} {told(row)}, median {100 * row.median:+.1f}"
            for row in one.itertuples()
            if part == "alone" or row.measure in SHOWN
        )
    for where, measure in itertools.product(WHOLE, SHOWN):
        here = effects[(effects["part"] == "alone") & (effects["situation"] == where)]
        some = here[(here["measure"] == measure) & here["intervention"].isin(HELPFUL)]
        yield f"Per unit of effort, {where}, {measure}: " + ", ".join(
            f"{row.intervention} {told(row, 'per_effort')} [effort {row.effort:.3f}]"
            for row in some.sort_values("per_effort", ascending=False).itertuples()
        )
        some = tables["pairs"][(tables["pairs"]["situation"] == where) & (tables["pairs"]["measure"] == measure)]
        some = some.sort_values("both", ascending=False)
        beyond, below = some["beyond_larger_low"] > 0, some["beyond_larger_high"] < 0
        counts = [int(one.sum()) for one in (some["certain"] > 0, some["certain"] < 0, beyond, below)]
        kinds = "more than the sum, less, beyond the larger of both, below it"
        yield f"Of {len(some)} pairs, {where}, {measure}: {kinds}: {counts}"
        yield f"Largest together, {where}, {measure}: " + "; ".join(
            f"{row.first} + {row.second} {told(row, 'both')}, interaction {told(row, 'interaction')}, its median "
            f"{100 * row.median:+.1f}, beyond the "
            f"larger {told(row, 'beyond_larger')}"
            for row in some[:8].itertuples()
        )
    for (name, situation), one in harms.groupby(["intervention", "situation"], sort=False):
        yield f"{'Harmful one helps' if name in HARMFUL else 'Backfire'}, {situation}, {name}: " + ", ".join(
            f"{row.measure} {told(row)}" for row in one.itertuples()
        )


main = study.command(__file__, question=QUESTION, prediction=PREDICTION, full=FULL, quick=QUICK, run=run, draw=draw,
                     findings=findings, settings={"situations": SITUATIONS})  # fmt: skip

if __name__ == "__main__":
    main()
