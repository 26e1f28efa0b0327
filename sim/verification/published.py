"""Section: published models give the numbers of their papers, within what sampling allows.

Chang & Harrington (2020) print quantiles of 64 replications. How many of n runs that follow the same law lie below the
p-th quantile of 64 of them is beta-binomial: a sample quantile of rank r out of 64 has a chance U ~ Beta(r, 65 - r),
and of n new runs Bin(n, U) lie below it. The published quantile must lie between our own runs that leave `UNLIKELY` / 2
on either side. Numbers are printed to .001, so half of that is added. Take-off counts are compared by Fisher's exact
test.
"""

from __future__ import annotations

import itertools
import math

import numpy as np
from scipy import stats

from sim.classics import brock_durlauf, chang_harrington, emperors_dilemma, granovetter, ising, tipping_point, watts
from sim.verification.check import Case, Check, Section, spread_over, yes_or_no

UNLIKELY, REPLICATIONS, PRINTED = 0.001, 64, 0.0005
FEWER = 8  # replications of a quick look
PUBLISHED = {  # conformist share: max, upper quartile, median, lower quartile, min
    0.0: (0.408, 0.335, 0.306, 0.280, 0.245),
    0.1: (0.486, 0.423, 0.378, 0.341, 0.262),
    0.3: (0.751, 0.675, 0.627, 0.568, 0.444),
    0.5: (0.897, 0.888, 0.885, 0.881, 0.841),
    0.7: (0.939, 0.933, 0.931, 0.929, 0.925),
}
RANKS = {"max": 64, "upper quartile": 48.25, "median": 32.5, "lower quartile": 16.75, "min": 1}
TAKE_OFF = {0.8: (45, 0.953), 0.9: (4, 0.976)}  # runs out of 64, and the median (maximum) of those
CLOSED_FORMS = {  # what, from the model, from the paper, by how much the paper rounds
    "Granovetter: spread of the jump": (lambda: granovetter.jump(0.25)[0], 0.1222, 5e-5),
    "Granovetter: share just below it": (lambda: granovetter.jump(0.25)[1], 0.062, 5e-4),
    "Watts: lower end of the window at .18": (lambda: watts.cascade_window(0.18)[0], 1.021, 5e-4),
    "Watts: upper end of the window at .18": (lambda: watts.cascade_window(0.18)[1], 5.765, 5e-4),
    "Centola et al.: critical share, memory 12": (lambda: tipping_point.critical_share(12), 0.2419, 5e-5),
    "Onsager: critical coupling": (lambda: ising.SQUARE_CRITICAL, 0.440687, 5e-7),
    "Onsager: order at .5": (lambda: ising.square_order(0.5), 0.9113, 5e-5),
}
CHOICES = [(0.0, 0.3), (0.5, 0.2), (0.9, 0.1), (1.5, 0.1), (2.5, 0.0)]  # interaction and field
CASCADES = (0.9, 2, 3.5, 5, 7)  # mean degrees
MANY, FEW = 34, 6  # of 40 runs: within 99.9 % of what happens in 95 % or 5 % of runs
ENFORCEMENT = [({"believer_share": 0.03}, True), ({"believer_share": 0.002}, False),
               ({"believer_share": 0.01, "clustered": True}, True),
               ({"believer_share": 0.03, "rewiring": 0.4}, False)]  # fmt: skip


def final_shares(conformist_share: float, runs: int = REPLICATIONS) -> np.ndarray:
    """Return the final acceptance of runs of Chang & Harrington's model, in order."""
    made = (chang_harrington.run(conformist_share=conformist_share, seed=seed) for seed in range(1, runs + 1))
    return np.sort([run.history["accepting_share"].iloc[-1] for run in made])


def bounds(ours: np.ndarray, rank: float, unlikely: float = UNLIKELY) -> tuple[float, float]:
    """Return between which of our runs, in order, a published quantile of this rank has to lie; infinite if too few."""
    below = stats.betabinom(len(ours), rank, REPLICATIONS + 1 - rank)
    few, many = int(below.ppf(unlikely / 2)), int(below.ppf(1 - unlikely / 2))
    padded = np.concatenate([[-np.inf], ours, [np.inf]])
    return float(padded[few]), float(padded[many + 1])


def quantile_case(ours: np.ndarray, name: str, published: float, about: str = "") -> Case:
    """Compare a published quantile with our median run of that rank."""
    low, high = bounds(ours, RANKS[name])
    own = float(np.quantile(ours, (RANKS[name] - 1) / (REPLICATIONS - 1)))
    allowed = (high - own if published >= own else own - low) + PRINTED
    return Case(abs(published - own), allowed, f"{name} {about}".strip())


def quantiles(count: int, seed: int):
    """Compare the five printed quantiles at each conformist share."""
    runs = REPLICATIONS if count > len(RANKS) else FEWER
    for w in spread_over(list(PUBLISHED), -(-count // len(RANKS))):
        ours = final_shares(w, runs)
        yield from (quantile_case(ours, name, value, f"at w = {w}")
                    for name, value in zip(RANKS, PUBLISHED[w], strict=True))  # fmt: skip


def take_off_chance(ours: np.ndarray, theirs: int) -> float:
    """Return how likely it is that counts of runs that take off differ so much."""
    count = int((ours > 0.5).sum())
    table = [[count, len(ours) - count], [theirs, REPLICATIONS - theirs]]
    return stats.fisher_exact(table).pvalue


def take_offs(count: int, seed: int):
    """Compare how many runs take off."""
    for w, (theirs, _) in list(TAKE_OFF.items())[:count]:
        ours = final_shares(w)
        yield Case(-math.log10(take_off_chance(ours, theirs)), -math.log10(UNLIKELY), f"w = {w}")


def closed_forms(count: int, seed: int):
    """Compare numbers that follow from the rules with the printed ones."""
    for name, (found, published, rounding) in CLOSED_FORMS.items():
        yield Case(abs(found() - published), rounding, name)


def mean_choices(count: int, seed: int):
    """Compare the mean choice of long runs of Brock & Durlauf's model with its equilibria."""
    for (interaction, field), start in spread_over(list(itertools.product(CHOICES, (0, 1))), count):
        roots = brock_durlauf.equilibria(interaction, field)
        histories = (brock_durlauf.run(interaction=interaction, field=field, start=start, n_people=2000, steps=150,
                                       seed=luck).history["mean_choice"][50:] for luck in range(10))  # fmt: skip
        values = np.array([history.mean() for history in histories])
        error = values.std(ddof=1) / math.sqrt(len(values))
        gap = abs(values.mean() - (roots[-1] if start else roots[0]))
        yield Case(gap, 4 * error + 2 / 2000, f"interaction {interaction}, field {field}, start {start}")


def cascade_counts(count: int, seed: int):
    """Compare how many of 100 networks have a global cascade with the chance of one."""
    for degree in spread_over(CASCADES, count):
        found = sum(watts.run(mean_degree=degree, seed=luck).history.iloc[-1, 1] > 0.1 for luck in range(100))
        low, high = stats.binom.ppf([UNLIKELY / 2, 1 - UNLIKELY / 2], 100, watts.cascade_probability(degree, 0.18))
        middle = (low + high) / 2
        yield Case(abs(found - middle), high - middle, f"mean degree {degree}")


def enforcement(count: int, seed: int):
    """Count runs of the emperor's dilemma in which most disbelievers enforce a norm that they do not believe in."""
    for arguments, is_expected in ENFORCEMENT[:count]:
        runs = (emperors_dilemma.run(seed=luck, **arguments).history for luck in range(40))
        found = sum(history["false_enforcement_share"].iloc[-1] > 0.5 for history in runs)
        yield yes_or_no(found >= MANY if is_expected else found <= FEW, f"{found} of 40 runs with {arguments}")


SECTION = Section(
    "classics",
    "Published models give their published numbers",
    "The networks, random numbers and schedules under our model also reproduce what others printed about theirs.",
    "That those models, or ours, are true of people.",
    (
        Check("Chang & Harrington 2020: five printed quantiles of final acceptance at five conformist shares, against "
              "64 replications of ours", quantiles, 25, 5, "share of people",
              "central 99.9 % of a beta-binomial, and half of the last printed digit",
              "Both tables are samples: their quantiles and ours differ by luck."),
        Check("Chang & Harrington 2020: how many of 64 runs take off", take_offs, 2, 0, "-log10 of the chance",
              "3 (Fisher's exact test at .001)", "Both counts are samples."),
        Check("Granovetter's .1222 and .062, Watts' window 1.021 to 5.765, Centola's .2419, Onsager's coupling and "
              "order", closed_forms, len(CLOSED_FORMS), len(CLOSED_FORMS), "as printed",
              "half of the last printed digit", "They follow from the rules exactly; papers print them rounded."),
        Check("Brock & Durlauf 2001: mean choice of 2,000 people against the equilibria", mean_choices, 10, 4,
              "mean choice, -1 to 1", "four standard errors, and 2 / N", "Ten runs differ by luck; a finite population "
              "is biased by about a person."),
        Check("Watts 2002: global cascades on 100 networks of 10,000 people against their chance", cascade_counts,
              len(CASCADES), 0, "networks of 100", "central 99.9 % of a binomial", "Whether a network has a cascade is "
              "independent of the others."),
        Check("Centola, Willer & Macy 2005: false enforcement tips with few scattered or clustered believers, and is "
              "stopped by bridges", enforcement, len(ENFORCEMENT), 0, "1 = other pattern",
              "34 of 40 or more, or 6 or fewer", "The paper says nearly all and nearly none; counts out of 40 lie "
              "within these with 99.9 %."),
    ),
)  # fmt: skip
