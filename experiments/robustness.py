"""Do the headline claims hold on other networks, schedules and noise, without token acts, and against null models?

python experiments/robustness.py           one to two minutes
python experiments/robustness.py --quick   some ten seconds
"""

import numpy as np
import pandas as pd

import sim
from sim import plots, study
from sim.nulls import NO_INFLUENCE
from sim.parameters import Parameters, preset

QUESTION = (
    "Which headline claims hold under the other schedule, on other networks, with other noise in decisions and without "
    "token acts, and which of them are there even in models without influence, ties or groups?"
)
PREDICTION = (
    "Both edges of stigma transfer, the role of the start under loyalty and hysteresis hold under both schedules and "
    "on all families with random ties; on the ring lattice hysteresis is weaker. Without token acts the lower edge is "
    "gone and hollow spread impossible. Noise of 2 takes away hysteresis and the role of the start; with noise 0 a "
    "silent start never leaves silence, so that both edges fail. Betrayal lowers trust everywhere but without "
    "influence or ties. A private majority is silent almost everywhere, the null models included: silence needs no "
    "influence. Everything else fails in the null models without influence or ties, and survives rewiring and "
    "shuffled groups. Added with their claims, before they were run under any changed condition: that support without "
    "stigma is trusted less, that the start decides at the default, and opposition against a private majority hold "
    "under both schedules and on all families, and fail at a noise of 2 and without influence or ties; the first also "
    "fails without token acts."
)
CLAIMS = {
    "lower edge": "More allies at a stigma transfer of 0.2 than at 0",
    "belief": "More trust at a stigma transfer of 0.2 than at 0",
    "upper edge": "More allies at a stigma transfer of 0.2 than at 1",
    "start": "More allies from an allied than from an opposed start",
    "loyalty": "The start matters more at a loyalty of 0.9 than of 0.3",
    "hysteresis": "Fewer allies after a detour to a stigma transfer of 1",
    "hollow": "Hollow spread: tokens exceed allies, and most show support",
    "betrayal": "A betrayal scandal lowers trust soon after",
    "silent majority": "A private majority is publicly silent",
    "unpopular": "Most oppose against a private majority",
}
MAJORITIES = ("hollow", "silent majority", "unpopular")  # claims that need two conditions, each above a half or above 0
CONDITIONS = {  # words, and what is changed
    "as assumed": ("", {}),
    "sequential, random order": ("schedule", {"schedule": "shuffled"}),
    "random, all degrees equal": ("network", {"network": "random_regular"}),
    "scale-free": ("network", {"network": "scale_free"}),
    "small world": ("network", {"network": "small_world"}),
    "ring lattice": ("network", {"network": "ring_lattice"}),
    "all tied to all": ("network", {"network": "complete"}),
    "noise 0 (best option)": ("decisions", {"noise": 0.0}),
    "noise 0.5": ("decisions", {"noise": 0.5}),
    "noise 2": ("decisions", {"noise": 2.0}),
    "without token acts": ("options", {"token_allowed": False}),
    "no influence": ("null model", NO_INFLUENCE),
    "no ties": ("null model", {"null": "independent"}),
    "rewired": ("null model", {"null": "rewired"}),
    "rewired, mixing kept": ("null model", {"null": "rewired_within"}),
    "groups shuffled": ("null model", {"null": "shuffled_groups"}),
}
FULL = {
    "n_people": 300,
    "steps": 300,
    "replicates": 30,
    "relevant": 0.05,  # a difference that a claim needs, for certain; for majorities 0
    "loop": [0.2, 0.4, 0.6, 0.8, 1.0],
    "hold": 60,
    "scandal": 99,
    "after": 11,  # the last tenth of a run is then all that came after it
}
QUICK = FULL | {"n_people": 100, "steps": 60, "replicates": 3, "loop": [0.2, 1.0], "hold": 20, "scandal": 36,
                "after": 4}  # fmt: skip
VERDICTS = {  # colour, symbol, words
    "holds": ("#0072B2", "^", "holds: the interval is above what it needs"),
    "uncertain": ("#FFFFFF", "o", "uncertain: the interval includes it"),
    "fails": ("#2B1D6E", "X", "fails: the interval is below"),
}
BESIDE = ["ally_share", "token_share", "bystand_share", "oppose_share", "private_support", "expressed_support",
          "mean_trust", "welcome_share", "gatekeep_share", "withdraw_share"]  # fmt: skip


def points():
    """Return what every claim is read off: a name for each point, and its values."""
    calm, changed = {"start": "silent"}, {"stigma_transfer": 0.2}
    return {
        "none": calm | {"stigma_transfer": 0.0},
        "some": calm | changed,
        "much": calm | {"stigma_transfer": 1.0},
        **{f"{start} {loyalty}": {"start": start, "loyalty": loyalty}
           for start in ("allied", "opposed") for loyalty in (0.3, 0.9)},
        **{f"{start} start": {"start": start} for start in ("allied", "opposed")},
        "hollow": calm | preset("hollow").changes(),
        "silence": calm | preset("silence").changes(),
    }  # fmt: skip


def under(values, condition):
    """Return the values of a point under a condition, with everything named that any condition changes."""
    changes = [changes for _, changes in CONDITIONS.values()]
    names = {name for one in [*changes, *points().values()] for name in one}
    usual = {"network": "two_groups", "schedule": "synchronous", "null": "none", "start": "silent"}
    named = {name: getattr(Parameters(), name) for name in Parameters.names() if name in names}
    return usual | named | values | CONDITIONS[condition][1]


def swept(design, work, rows, steps=None, **about):
    """Return the runs of rows, a mapping from (condition, point) to values; equal rows share their runs."""
    places = pd.DataFrame(rows.values()).assign(condition=[one for one, _ in rows], point=[one for _, one in rows])
    axes = {"network_n_people": design["n_people"]} | ({} if steps is None else {"steps": steps})
    runs = work.sweep(axes, kind="table", rows=list(rows.values()), replicates=design["replicates"], **about)
    runs = runs[runs["place"] == runs["place"].max()] if "place" in runs else runs  # the end of a ramp
    return places.merge(runs, on=[name for name in places if name not in ("condition", "point")], how="left")


def all_runs(design, work):
    """Return the runs of all points under all conditions."""
    rows = {(one, name): under(values, one) for one in CONDITIONS for name, values in points().items()}
    found = [swept(design, work, rows, steps=design["steps"])]
    begun = {"start": "allied", "stigma_transfer": 0.2}
    first, last = design["scandal"], design["scandal"] + design["after"]
    plans = {"scandal": [sim.intervention("betrayal_scandal", begin=first, end=first + 1)]}
    both = ("none", "scandal")
    rows = {(one, done): under(begun, one) | {"intervention": done} for one in CONDITIONS for done in both}
    trusted = swept(design, work, rows, steps=last, interventions=plans)
    found.append(trusted.assign(point=trusted["point"].replace("none", "calm")))
    for path, values in {"detour": design["loop"], "stay": design["loop"][:1] * len(design["loop"])}.items():
        ramp = {"parameter": "stigma_transfer", "values": values, "hold": design["hold"]}
        rows = {(one, path): under(begun, one) for one in CONDITIONS}
        for row in rows.values():
            del row["stigma_transfer"]  # goes up and down
        found.append(swept(design, work, rows, ramp=ramp))
    return pd.concat(found, ignore_index=True)[["condition", "point", "replicate", *BESIDE]]


def margins(runs):
    """Return, by claim, the values that have to be above what it needs: one per replicate."""
    wide = runs.pivot_table(index="replicate", columns="point", values=BESIDE)
    ally, trust = wide["ally_share"], wide["mean_trust"]
    hollow, silence, opposed = (wide.xs(point, axis=1, level=1) for point in ("hollow", "silence", "opposed 0.9"))
    gap = {loyalty: ally[f"allied {loyalty}"] - ally[f"opposed {loyalty}"] for loyalty in (0.3, 0.9)}
    return {
        "lower edge": ally["some"] - ally["none"],
        "belief": trust["some"] - trust["none"],
        "upper edge": ally["some"] - ally["much"],
        "start": ally["allied start"] - ally["opposed start"],
        "loyalty": gap[0.9] - gap[0.3],
        "hysteresis": ally["stay"] - ally["detour"],
        # Of two conditions the one that is met by less.
        "hollow": np.minimum(hollow["token_share"] - hollow["ally_share"], hollow["expressed_support"] - 0.5),
        "betrayal": trust["calm"] - trust["scandal"],
        "silent majority": np.minimum(silence["private_support"], silence["bystand_share"]) - 0.5,
        "unpopular": np.minimum(opposed["private_support"], opposed["oppose_share"]) - 0.5,
    }


def run(design, work):
    """Return all runs, the card, and what both groups do at every point."""
    runs, rows = all_runs(design, work), []
    for condition, (kind, _) in CONDITIONS.items():
        for claim, values in margins(runs[runs["condition"] == condition]).items():
            needed = 0.0 if claim in MAJORITIES else design["relevant"]
            middle, low, high = study.interval(values)
            verdict = "holds" if low > needed else "fails" if high < needed else "uncertain"
            rows.append({"claim": claim, "in_words": CLAIMS[claim], "condition": condition, "kind": kind,
                         "verdict": verdict, "difference": middle, "low": low, "high": high, "needed": needed,
                         "replicates": len(values)})  # fmt: skip
    groups = runs.groupby(["condition", "point"], sort=False)[BESIDE].mean().round(4).reset_index()
    return {"all_runs": runs, "card": pd.DataFrame(rows), "both_groups": groups}


def draw(design, tables, seed):
    """Draw the card: claims by conditions, a symbol for the verdict, the difference and its interval in points."""
    from matplotlib.lines import Line2D

    figure = plots.figure(11, 9.6)
    ax = figure.subplots()
    card, conditions, claims = tables["card"], list(CONDITIONS), list(CLAIMS)
    for row in card.itertuples():
        x, y = claims.index(row.claim), conditions.index(row.condition)
        colour, marker, _ = VERDICTS[row.verdict]
        shade = {"holds": "#D6E6F2", "uncertain": "#FFFFFF", "fails": "#C4C0D6"}[row.verdict]
        ax.fill_between([x - 0.48, x + 0.48], y - 0.46, y + 0.46, color=shade, linewidth=0)
        ax.plot([x - 0.33], [y], linestyle="none", marker=marker, markersize=8, color=colour, markeredgecolor="#222222",
                markeredgewidth=0.8)  # fmt: skip
        ax.text(x - 0.2, y - 0.06, f"{100 * row.difference:+.0f}", fontsize=8.5, va="bottom", fontweight="bold")
        ax.text(x - 0.2, y + 0.06, f"{100 * row.low:.0f} to {100 * row.high:.0f}", fontsize=6.5, va="top")
    kinds = [kind for kind, _ in CONDITIONS.values()]
    for place in range(1, len(kinds)):
        if kinds[place] != kinds[place - 1]:
            heavy = kinds[place] == "null model"
            ax.axhline(place - 0.5, color="#222222", linewidth=1.8 if heavy else 0.6)
    names = [f"{kind}: {name}" if kind else name for name, (kind, _) in CONDITIONS.items()]
    ax.set_yticks(range(len(names)), [plots.capital(name) for name in names])
    ax.set_xticks(range(len(claims)), ["\n".join(_wrapped(CLAIMS[claim])) for claim in claims])
    ax.xaxis.tick_top()
    ax.set_xlim(-0.5, len(claims) - 0.5)
    ax.set_ylim(len(names) - 0.5, -0.5)
    plots.plain(ax)
    ax.tick_params(labelsize=7.5, length=0)
    for spine in ax.spines.values():
        spine.set_visible(False)
    figure.legend(
        [Line2D([], [], linestyle="none", marker=marker, markersize=8, color=colour, markeredgecolor="#222222")
         for colour, marker, _ in VERDICTS.values()],
        [words for *_, words in VERDICTS.values()], loc="outside upper center", ncols=3, frameon=False, fontsize=8.5,
    )  # fmt: skip
    plots.note(figure, [
        f"Average of paired differences in points of per cent with 95 % intervals over {design['replicates']} "
        f"replicates (same people and luck on both sides), root seed {seed}. A claim needs more than "
        f"{100 * design['relevant']:g} points for certain; the three on majorities need more than 0, and show "
        "the condition that is met by less.",
        f"{design['n_people']} people (networks: two groups unless said otherwise, 20 % marginalized, mean degree 10), "
        f"{design['steps']} steps; detour: {design['hold']} steps at each of {2 * len(design['loop'])} values. Hollow "
        "and silent: presets of these names. Starts: silent unless a claim names another; for detour and betrayal "
        "everybody an ally; for opposition against a private majority everybody opposes, at a loyalty of 0.9.",
        "Below the thick line null models: what holds there as well does not come from what they take away. "
        f"Of {len(names) * len(claims)} intervals some five in a hundred miss the true value by chance.",
    ])  # fmt: skip
    figure.get_layout_engine().set(rect=(0.04, 0, 0.96, 1))  # room for long words on the left
    return {"robustness": figure}


def _wrapped(text):
    from textwrap import wrap

    return wrap(text, 14)


def findings(design, tables):
    """Say in plain words what came out."""
    card = tables["card"]
    for claim, rows in card.groupby("claim", sort=False):
        told = {}
        for row in rows.itertuples():
            text = f"{row.condition} {100 * row.difference:+.1f} ({100 * row.low:+.1f} to {100 * row.high:+.1f})"
            told.setdefault(row.verdict, []).append(text)
        words = (f"{word.upper()} {', '.join(told[word])}" for word in VERDICTS if word in told)
        yield f"{CLAIMS[claim]}: {'. '.join(words)}"
    table = tables["both_groups"].set_index(["condition", "point"])
    for point in ("none", "some", "much", "allied start", "opposed start", "opposed 0.9", "hollow", "silence", "stay",
                  "detour"):  # fmt: skip
        row = 100 * table.loc[("as assumed", point)]
        yield f"As assumed, point '{point}': " + ", ".join(f"{name} {row[name]:.0f} %" for name in BESIDE)


main = study.command(
    __file__, question=QUESTION, prediction=PREDICTION, full=FULL, quick=QUICK, run=run, draw=draw, findings=findings,
    settings={"conditions": {name: about for name, (_, about) in CONDITIONS.items()}, "points": points()},
)  # fmt: skip

if __name__ == "__main__":
    main()
