"""When looking supportive pays: how much visible support is hollow, what does it do to trust, and does curbing it help?

python experiments/hollow.py           one to two minutes
python experiments/hollow.py --quick   a few seconds
"""

import pandas as pd

import sim
from sim import plots, study, sweeps
from sim.plots.looks import BLUE, INK, SOFT

QUESTION = (
    "Image motive against the price or the visibility of token acts: where is visible support hollow, what does that "
    "do to trust and gatekeeping, and what does curbing token acts bring and cost?"
)
PREDICTION = (
    "A stronger image motive and a lower price of token acts raise visible support and lower trust: hollow support is "
    "more visible, less believed, and more people keep allies out than where there is less of it. More visible token "
    "acts crowd out fewer allies, as they feed the norm, but are kept out even more. Without token acts there is less "
    "visible support and more trust. Curbing token acts, once they prevail, costs visible support at once and wins "
    "trust, and former token allies turn silent rather than into allies; a weak curb does little and a strong one "
    "tips (no smooth dose). Without influence a curb only removes token acts and changes no trust."
)
FULL = {
    "n_people": 1000,
    "steps": 400,
    "replicates": 40,
    "image": [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0],
    "token_effort": [1.0, 1.5, 2.0, 2.5, 3.0, 3.5],
    "token_visibility": [0.0, 0.2, 0.4, 0.6, 0.8, 1.0],
    "curb": [0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0],  # strength; 1 is that of the catalogue
}
QUICK = FULL | {
    "n_people": 200,
    "steps": 100,
    "replicates": 4,
    "image": [0.0, 3.0, 6.0],
    "token_effort": [1.0, 2.0, 3.5],
    "token_visibility": [0.0, 0.4, 1.0],
    "curb": [0.0, 1.0, 2.0],
}
START = "silent"
X = ("image", "Image motive")
PRICES = {"token_effort": "Price of a token act (effort)", "token_visibility": "Visibility of a token act"}
MEASURES = ["expressed_support", "ally_share", "token_share", "bystand_share", "oppose_share", "mean_trust",
            "welcome_share", "gatekeep_share", "withdraw_share"]  # fmt: skip
SUPPORT = (BLUE, "-", "^", "visible support (allies and token allies)")
LINES = {"expressed_support": (BLUE, "-", "^", "visible support")} | plots.looks_of(
    ["ally_share", "token_share", "mean_trust", "gatekeep_share"]
)
LINES["ally_share"] = (INK, ":", "v", "allies")  # apart from visible support
CHANGES = {"expressed_support": LINES["expressed_support"], "ally_share": LINES["ally_share"]} | plots.looks_of(
    ["bystand_share", "mean_trust", "gatekeep_share", "withdraw_share"]
)
CHANGES["withdraw_share"] = ("#5A5A5A", "--", "x", "withdrawn")
HOLLOW = sim.parameters.preset("hollow").changes()  # where the curb begins
CASES = {"hollow": ("hollow support prevails", HOLLOW, "none"), "default": ("default parameters", {}, "none"),
         "null": ("null: nobody is influenced", HOLLOW, "no_influence")}  # fmt: skip
ALONG = {"default": "as assumed", "no_tokens": "no token acts", "independent": "null: nobody is tied",
         "rewired": "null: ties rewired", "shuffled_groups": "null: groups shuffled"}  # fmt: skip


def run(design, work):
    """Return runs over two grids and along the image motive, runs with a curb, and paired differences of both."""
    begun = {"network_n_people": design["n_people"], "steps": design["steps"], "start": START}
    image, about = {X[0]: design[X[0]]}, {"replicates": design["replicates"]}
    grids = [work.sweep(begun | image | {price: design[price]}, **about).assign(grid=price) for price in PRICES]
    along = []
    for name in ALONG:
        null = "none" if name in ("default", "no_tokens") else name
        changes = {"token_allowed": name != "no_tokens"}
        along.append(work.sweep(begun | image | {"null": null}, parameters=changes, **about).assign(case=name))
    curb = {"steps": 2 * design["steps"], "intervention": "curb_tokens", "intervention_begin": design["steps"],
            "intervention_strength": design["curb"]}  # fmt: skip
    curbs = [
        work.sweep(begun | curb | {"null": null}, parameters=changes, **about).assign(case=name)
        for name, (_, changes, null) in CASES.items()
    ]
    tables = {"runs": grids, "along_runs": along, "curb_runs": curbs}
    tables = {name: pd.concat(parts, ignore_index=True) for name, parts in tables.items()}
    tables["curb_runs"] = tables["curb_runs"].rename(columns={"intervention_strength": "strength"})
    points = [sweeps.summarise(one, ["grid", X[0], price], MEASURES)
              for price, one in zip(PRICES, grids, strict=True)]  # fmt: skip
    return tables | {
        "points": pd.concat(points, ignore_index=True).round(4),
        "along": sweeps.summarise(tables["along_runs"], ["case", X[0]], MEASURES),
        "curbs": sweeps.summarise(tables["curb_runs"], ["case", "strength"], MEASURES),
        "image_effects": effects(tables["along_runs"], X[0]),
        "curb_effects": effects(tables["curb_runs"], "strength"),
    }


def effects(runs, along):
    """Return mean differences from the lowest value of a column, replicate by replicate, with intervals."""
    rows = []
    for case, table in runs.groupby("case", sort=False):
        for name in MEASURES:
            cells = table.pivot(index="replicate", columns=along, values=name)
            rows += [(case, value, name, *study.interval(cells[value] - cells.iloc[:, 0])) for value in cells]
    return pd.DataFrame(rows, columns=["case", along, "measure", "difference", "low", "high"])


def draw(design, tables, seed):
    """Draw where support is hollow, visible support against trust, the image motive, and the curb."""
    runs = tables["runs"]
    figure = plots.figure(9.6, 16)
    maps, against, image, curb = figure.subfigures(4, 1, height_ratios=[1.05, 1, 1.05, 1.1])
    plots.heading(maps, "a   What prevails among advantaged people")
    for ax, (price, words) in zip(maps.subplots(1, 2), PRICES.items(), strict=True):
        plots.regime_map(ax, runs[runs["grid"] == price], x=X[0], y=price, corner="gatekeep_share", label_every=1)
        plots.plain(ax, x=X[1], y=words)
    plots.heading(against, "b   How much support is visible, and what the supported group makes of it")
    draw_against(against, runs)
    plots.heading(image, "c   Along the image motive")
    for ax, (case, words) in zip(image.subplots(1, 3, sharey=True), list(ALONG.items())[:3], strict=True):
        table = tables["along_runs"]
        plots.lines(ax, table[table["case"] == case], x=X, looks=LINES)
        plots.plain(ax, title=words, x=X[1], y="Share of the group; trust" if case == "default" else "")
    plots.line_key(image, "lower center")
    plots.heading(curb, "d   What curbing token acts changes, against not curbing them (points)")
    draw_curb(curb, tables["curb_effects"])
    plots.regime_key(figure, "gatekeep_share", "most marginalized people keep allies out")
    plots.note(figure, [
        f"{design['n_people']:,} people, 20 % marginalized, two groups with homophily 0.5, mean degree 10; start: "
        f"everybody silent; {design['steps']} steps (curb: as many more), average of the last tenth; "
        f"{design['replicates']} replicates per point, root seed {seed}; a replicate has the same network, people and "
        "luck at every point.",
        "a: strips are shares of replicates, the symbol is the most frequent; a number says what percentage agree on "
        "it, where fewer than 90 do. b: one symbol per cell of a (mean, bars: 95 % interval). c: median, bands from "
        f"10th to 90th percentile. d: paired mean differences and 95 % intervals (Student's); the curb begins at step "
        f"{design['steps']}; strength 1: credit for image halved, a token act dearer by 0.5.",
    ])  # fmt: skip
    return {"hollow": figure}


def draw_against(part, runs):
    """Draw visible support against trust and gatekeeping, one symbol per point of both grids."""
    cells = [one for price in PRICES for _, one in runs[runs["grid"] == price].groupby([X[0], price])]
    for ax, measure in zip(part.subplots(1, 2), ("mean_trust", "gatekeep_share"), strict=True):
        for one in cells:
            face, _, marker, words = plots.REGIMES[one["regime"].mode().iloc[0]]
            (x, x_low, x_high), (y, y_low, y_high) = (study.interval(one[name])
                                                      for name in ("expressed_support", measure))  # fmt: skip
            ax.errorbar([x], [y], xerr=[[x - x_low], [x_high - x]], yerr=[[y - y_low], [y_high - y]], marker=marker,
                        color=SOFT, markerfacecolor=face, markeredgecolor=INK, markeredgewidth=0.6, markersize=5,
                        elinewidth=0.6, linestyle="none", label=words)  # fmt: skip
        plots.shares_axis(plots.plain(ax, x="Visible support (share of the advantaged group)"))
        ax.set_title(plots.capital(plots.LINES[measure][3]), loc="left", fontsize=9)
        ax.set_xlim(-0.02, 1.02)
        ax.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "25 %", "50 %", "75 %", "100 %"])
    plots.line_key(part, "lower center")


def draw_curb(part, found):
    """Draw what the curb changes by its strength."""
    for ax, (case, (title, _, _)) in zip(part.subplots(1, 3, sharey=True), CASES.items(), strict=True):
        ax.axhline(0, color=INK, linewidth=0.6)
        for measure, (colour, dashes, marker, words) in CHANGES.items():
            one = found[(found["case"] == case) & (found["measure"] == measure)]
            ax.fill_between(one["strength"], 100 * one["low"], 100 * one["high"], color=colour, alpha=0.13, linewidth=0)
            ax.plot(one["strength"], 100 * one["difference"], color=colour, linestyle=dashes, marker=marker,
                    markersize=4, linewidth=1.6, label=words)  # fmt: skip
        plots.plain(ax, title=title, x="Strength of the curb", y="Difference in points" if case == "hollow" else "")
        ax.grid(axis="y", color="#E6E6E6", linewidth=0.6)
    plots.line_key(part, "lower center")


def findings(design, tables):
    """Say what image does, where support is hollow and believed, and what the curb brings and costs."""
    runs, image, curb = tables["runs"], tables["image_effects"], tables["curb_effects"]

    def told(row):
        return f"{row.measure} {100 * row.difference:+.1f} ({100 * row.low:+.1f} to {100 * row.high:+.1f})"

    means = pd.concat([
        one[MEASURES].mean().to_frame().T.assign(regime=one["regime"].mode().iloc[0])
        for price in PRICES for _, one in runs[runs["grid"] == price].groupby([X[0], price])
    ])  # fmt: skip
    for prevails, one in means[means["expressed_support"].between(0.5, 0.75)].groupby("regime"):
        ends = [f"{name} {100 * one[name].min():.0f} to {100 * one[name].max():.0f} %"
                for name in ("mean_trust", "gatekeep_share")]  # fmt: skip
        yield f"Points with 50 to 75 % visible support, {prevails} ({len(one)} points): means {', '.join(ends)}"
    for price in PRICES:
        grid = runs[runs["grid"] == price]
        prevails = grid.groupby([X[0], price])["regime"].agg(lambda names: names.mode().iloc[0])
        yield f"Grid with {price}: points by what prevails: {prevails.value_counts().to_dict()}"
        for measure in ("mean_trust", "gatekeep_share"):
            ranks = [one["expressed_support"].corr(one[measure], method="spearman")
                     for _, one in grid.groupby("replicate")]  # fmt: skip
            middle, low, high = study.interval(ranks)
            yield (f"Grid with {price}: rank correlation of visible support with {measure} over the points: "
                   f"{middle:+.2f} ({low:+.2f} to {high:+.2f}, over replicates)")  # fmt: skip
        lowest, highest = (design[price][at] for at in (0, -1))
        for motive in (design[X[0]][0], design[X[0]][len(design[X[0]]) // 2], design[X[0]][-1]):
            for value in (lowest, highest):
                at = grid[(grid[X[0]] == motive) & (grid[price] == value)]
                yield f"Image {motive:g}, {price} {value:g}: " + ", ".join(
                    f"{name} {study.per_cent(at[name])}" for name in MEASURES)  # fmt: skip
    along = tables["along_runs"]
    usual = min(design[X[0]], key=lambda motive: abs(motive - sim.Parameters().image))  # the default, or next to it
    at_usual = {case: one.set_index("replicate") for case, one in along[along[X[0]] == usual].groupby("case")}
    for case, words in ALONG.items():
        one, prevails = at_usual[case], at_usual[case]["regime"].value_counts().to_dict()
        yield f"Image {usual:g}, {words}: replicates by what prevails {prevails}; " + ", ".join(
            f"{name} {study.per_cent(one[name])}" for name in MEASURES)  # fmt: skip
        gaps = one[MEASURES] - at_usual["default"][MEASURES]
        yield f"Image {usual:g}, {words}, against as assumed: " + ", ".join(
            f"{name} {study.per_cent(gaps[name], points=True)}" for name in MEASURES)  # fmt: skip
        for motive in design[X[0]][1:] if case != "no_tokens" else ():  # where image moves nothing
            one = image[(image["case"] == case) & (image[X[0]] == motive)]
            yield f"Image {motive:g} against {design[X[0]][0]:g}, {words} (points): " + ", ".join(
                told(row) for row in one.itertuples())  # fmt: skip
    for case, (words, _, _) in CASES.items():
        table = tables["curb_runs"]
        none = table[(table["case"] == case) & (table["strength"] == 0)]
        yield f"{words}, no curb: " + ", ".join(f"{name} {study.per_cent(none[name])}" for name in MEASURES)
        for strength in design["curb"][1:]:
            one = curb[(curb["case"] == case) & (curb["strength"] == strength)]
            yield f"{words}, curb of strength {strength:g} (points): " + ", ".join(
                told(row) for row in one.itertuples())  # fmt: skip


main = study.command(__file__, question=QUESTION, prediction=PREDICTION, full=FULL, quick=QUICK, run=run, draw=draw,
                     findings=findings, settings={"cases": CASES, "start": START})  # fmt: skip

if __name__ == "__main__":
    main()
