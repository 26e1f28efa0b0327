"""Patterns that restate a rule: they verify the code, and tell nothing about the world."""

from __future__ import annotations

import numpy as np

from sim.interventions import intervention
from sim.networks import from_edges
from sim.patterns.bench import advantaged, ties_to
from sim.patterns.pattern import Pattern, above, mean
from sim.rules import Stance

FRIENDS = 10  # advantaged neighbours of the one person whose trust is looked at


def _star(seed: int):
    """Return one marginalized person with ten advantaged neighbours."""
    return from_edges([(0, i) for i in range(1, FRIENDS + 1)], [1] + [0] * FRIENDS)


def _final_trust(run) -> float:
    return run.state.trust[0]


def _trust(bench, *scenes, steps: int = 20, **changes) -> np.ndarray:
    """Return the trust of the one in the middle of a star after some scenes."""
    return bench.arm(_final_trust, network=_star, replicates=5, steps=steps, interventions=list(scenes),
                     changes={"trust_spread": 0.0} | changes)  # fmt: skip


def _scene(force, people=None, begin=0, end=None):
    everybody = range(1, FRIENDS + 1)
    return intervention("scene", people=list(people or everybody), force=force, begin=begin, end=end)


def _alternating(steps: int = 20) -> list:
    """Return scenes in which all are allies at every other step."""
    return [_scene(("ally", "bystand")[step % 2], begin=step, end=step + 1) for step in range(steps + 1)]


def _stigma(run) -> np.ndarray:
    """Return felt stigma of supporters, of others tied to marginalized people, and of those two ties away or more."""
    people, act, stigma = advantaged(run), run.state.act, run.state.stigma
    supports = (act >= Stance.TOKEN) & ~run.network.is_marginalized
    tied = ties_to(run.network, run.network.is_marginalized) > 0
    near = ties_to(run.network, supports) > 0
    groups = (supports, ~supports & tied, ~supports & ~tied & near, ~supports & ~tied & ~near)
    return np.array([stigma[people][group[people]].mean() if group[people].any() else np.nan for group in groups])


def support_costs_standing(bench):
    """S4."""
    stigma = bench.arm(_stigma, steps=30).T
    return [
        above("felt stigma of supporters minus that of people with mere ties", stigma[0] - stigma[1]),
        above("felt stigma of people with ties minus that of those near supporters only", stigma[1] - stigma[2]),
        above("felt stigma of those near supporters minus that of those far from all", stigma[2] - stigma[3]),
    ]


def cost_makes_authentic(bench):
    """A1."""
    costly = _trust(bench, _scene("ally"), stigma_transfer=1.0, group_stigma=1.0)
    cheap = _trust(bench, _scene("ally"), stigma_transfer=0.0)
    rewarded = _trust(bench, _scene("token"))
    return [above("trust in allies who pay minus in those who do not", costly - cheap),
            above("trust in allies who do not pay minus in token allies", cheap - rewarded)]  # fmt: skip


def steady_beats_alternating(bench):
    """A2."""
    half = range(1, FRIENDS // 2 + 1)
    others = range(FRIENDS // 2 + 1, FRIENDS + 1)
    steady = _trust(bench, _scene("ally", half), _scene("bystand", others))
    unknown = _trust(bench, _scene("bystand"))
    alternating = _trust(bench, *_alternating())
    return [above("trust in steady support minus where nothing is known", steady - unknown),
            above("trust where nothing is known minus in alternating support", unknown - alternating)]  # fmt: skip


def falling_silent_costs_trust(bench):
    """C7."""
    silenced = _trust(bench, _scene("ally", end=5), _scene("bystand", begin=5), steps=6)
    never = _trust(bench, _scene("bystand"), steps=6)
    return [above("trust in those who never spoke minus in those who fell silent", never - silenced)]


def bad_acts_weigh_more(bench):
    """T1."""
    prior = bench.parameters.trust
    good = _trust(bench, _scene("ally", end=1), _scene("ally", begin=1), steps=1) - prior
    bad = prior - (_trust(bench, _scene("ally", end=1), _scene("bystand", begin=1), steps=2) - good)
    return [above("trust lost in a step of betrayal minus trust gained in a step of support", bad - good)]


def apology_repairs_in_part(bench):
    """T3."""
    scenes = [_scene("ally", end=5), _scene("bystand", begin=5, end=6), _scene("ally", begin=6)]
    betrayed, repaired = (_trust(bench, *scenes, steps=10, repair=repair) for repair in (0.0, 0.6))
    never = _trust(bench, _scene("ally"), steps=10)
    return [above("trust after a repaired betrayal minus after one that is not", repaired - betrayed),
            above("trust without any betrayal minus after a repaired one", never - repaired)]  # fmt: skip


def _contact_and_prejudice(run) -> float:
    people = advantaged(run)
    share = ties_to(run.network, run.network.is_marginalized)[people] / np.maximum(run.network.degree[people], 1)
    return float(np.corrcoef(share, -run.state.sympathy[people])[0, 1])


def contact_goes_with_less_prejudice(bench):
    """K1."""
    return [mean("correlation of share of ties across and prejudice", bench.arm(_contact_and_prejudice), -0.3, -0.1)]


STARS = 40


def _stars(seed: int):
    """Return many advantaged people, each with ten advantaged neighbours of their own."""
    size = FRIENDS + 1
    return from_edges([(size * s, size * s + i) for s in range(STARS) for i in range(1, size)], [0] * (STARS * size))


def _middle_acts(run) -> float:
    return (run.state.act[:: FRIENDS + 1] == Stance.ALLY).mean()


def _supported(bench, supporters: int, begin: int = 0) -> np.ndarray:
    """Return how many act when so many of their ten neighbours do, the others being silent."""
    size = FRIENDS + 1
    seen = [size * s + i for s in range(STARS) for i in range(1, supporters + 1)]
    silent = [size * s + i for s in range(STARS) for i in range(supporters + 1, size)]
    scenes = [intervention("scene", people=silent, force="bystand")]
    if supporters:
        scenes.append(intervention("scene", people=seen, force="ally", begin=begin))
    if supporters and begin:
        scenes.append(intervention("scene", people=seen, force="bystand", end=begin))
    return bench.arm(_middle_acts, network=_stars, steps=30, interventions=scenes)


def the_first_supporter_changes_most(bench):
    """N2."""
    nobody, one, two = (_supported(bench, count) for count in range(3))
    return [
        above("effect of the first supporter on acting", one - nobody),
        above("effect of the first minus effect of the second", (one - nobody) - (two - one)),
        above("effect of one from the start minus of one who comes at step 25 of 30", one - _supported(bench, 1, 25)),
    ]


BUILT_IN = (
    Pattern("S4", "Support costs more standing than ties, ties cost something, and it decays with distance.",
            "Neuberg et al. 1994; Hebl & Mannix 2003; Pryor, Reeder & Monroe 2012",
            "Felt stigma after 30 steps.", "built in", support_costs_standing, True),
    Pattern("A1", "An ally who pays a cost seems more authentic than one who does not, and that one more than one who "
            "is rewarded.", "Thai & Nylund 2024",
            "One marginalized person among ten allies who bear full stigma, none, or act as tokens: trust after 20 "
            "steps.", "built in", cost_makes_authentic, True),
    Pattern("A2", "Steady support is trusted more than none, and none more than alternating support.",
            "Ciordaş et al. 2026", "Five allies always, or ten at every other step: as many acts.",
            "built in", steady_beats_alternating, True),
    Pattern("C7", "An ally who falls silent is trusted less than one who never spoke.", "derived",
            "Ten allies for five steps, then silent.", "built in", falling_silent_costs_trust),
    Pattern("T1", "A bad act moves trust more than a good one.", "Slovic 1993; Poortinga & Pidgeon 2004",
            "One step of support by all ten, one step of betrayal by all ten.", "built in", bad_acts_weigh_more),
    Pattern("T3", "Apology repairs in part, never fully.", "Kim et al. 2004",
            "A betrayal by all ten with repair 0.6. (That mistakes are repaired more than betrayals cannot be shown: "
            "the model knows no mistakes.)", "built in", apology_repairs_in_part),
    Pattern("K1", "Contact goes with less prejudice, r about -0.2.", "Pettigrew & Tropp 2006",
            "Across advantaged people at the end of a run.", "built in", contact_goes_with_less_prejudice),
    Pattern("N2", "The first visible supporter changes most; earlier is better.", "Asch 1951; Allen & Levine 1969",
            "People with ten neighbours, of whom none, one or two are allies and the others silent.", "built in",
            the_first_supporter_changes_most),
)  # fmt: skip
