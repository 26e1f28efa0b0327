"""Patterns of trust, contact and leaving."""

from __future__ import annotations

import numpy as np

from sim.interventions import intervention
from sim.patterns.bench import STEPS, late
from sim.patterns.pattern import Clause, Pattern, above, below
from sim.rules import Response, Stance

BETRAYALS = {"early": 30, "middle": 120, "late": 210}
_END_OF_TRUST = 300


def early_betrayal_is_worst(bench):
    """T2."""
    trust = late("mean_trust")
    common = {"steps": _END_OF_TRUST, "replicates": bench.many}
    none = bench.arm(trust, **common)
    early, middle, last = (
        bench.arm(trust, interventions=[intervention("betrayal_scandal", begin=step)], **common)
        for step in BETRAYALS.values()
    )
    return [
        above("final trust without betrayal minus with a late one", none - last),
        above("a late one minus one in the middle", last - middle),
        above("one in the middle minus an early one", middle - early),
    ]


def contact_helps_and_quiets(bench):
    """K3."""
    contact, voices = intervention("cross_group_ties"), intervention("amplify_voices")
    arms = {"none": [], "contact": [contact], "voices": [voices], "both": [contact, voices]}
    measure = late("private_support", "gatekeep_share")
    shares = {name: bench.arm(measure, interventions=done, replicates=bench.many) for name, done in arms.items()}
    support, pressure = ({name: values[:, column] for name, values in shares.items()} for column in (0, 1))
    unnamed, named = pressure["contact"] - pressure["none"], pressure["both"] - pressure["voices"]
    return [
        above("support added by contact", support["contact"] - support["none"]),
        below("pressure by marginalized people added by contact", unnamed),
        above("that when injustice is named, minus that when it is not", named - unnamed),
    ]


def _leaving(run) -> np.ndarray:
    """Return leavings and person-steps at risk: marginalized and advantaged people, new in it and of long standing."""
    act, marginalized = run.trajectory["act"].astype(int), run.network.is_marginalized
    counts, begin = [], STEPS // 4
    groups = (marginalized, Response.WELCOME, Response.WITHDRAW), (~marginalized, Stance.ALLY, Stance.BYSTAND)
    for people, within, out in groups:
        taking_part = act[:, people] == within
        tenure = np.zeros(taking_part.shape, int)
        for step in range(1, len(taking_part)):
            tenure[step] = np.where(taking_part[step - 1], tenure[step - 1] + 1, 0)
        at_risk, leaves = taking_part[begin:-1], act[begin + 1 :, people] == out
        for chosen in (tenure[begin:-1] < TENURE, tenure[begin:-1] >= TENURE):
            counts += [(at_risk & leaves & chosen).sum(), (at_risk & chosen).sum()]
    return np.array(counts, float)


TENURE = 20  # steps


def the_marginalized_leave_more(bench):
    """X1."""
    counts = bench.arm(_leaving, record_people=True)

    def hazard(rows, place):
        return counts[rows, place].sum() / max(counts[rows, place + 1].sum(), 1.0)

    def both(rows, group):
        places = [4 * group, 4 * group + 2]
        return sum(counts[rows, p].sum() for p in places) / max(sum(counts[rows, p + 1].sum() for p in places), 1.0)

    def overall(rows):
        return both(rows, 0) / both(rows, 1)

    def converging(rows):
        return hazard(rows, 0) / hazard(rows, 4) - hazard(rows, 2) / hazard(rows, 6)

    return [
        Clause("ratio of hazards of leaving, marginalized to advantaged", overall, len(counts), 1.2, 1.6),
        Clause("ratio among newcomers minus ratio among those of long standing", converging, len(counts), low=0.0),
    ]


def climate_matters_more_to_the_marginalized(bench):
    """X2."""
    hostile = [intervention("custom", who="random", share=0.1, force="oppose", begin=STEPS - 100)]
    effects = [
        bench.arm(late(name), interventions=hostile) - bench.arm(late(name))
        for name in ("withdraw_share", "bystand_share")
    ]
    return [
        above("withdrawal of marginalized people added by a hostile climate", effects[0]),
        above("silence of advantaged people added by it (who are not made to oppose)", effects[1]),
        above("the first minus the second", effects[0] - effects[1]),
    ]


TRUST = (
    Pattern("T2", "Early betrayal is worst; late betrayal mostly recovers.", "Lount et al. 2008",
            "Half of the advantaged group falls silent for a step, at step 30, 120 or 210 of 300; trust in the end.",
            "emergent", early_betrayal_is_worst, True),
    Pattern("K3", "Contact raises support and lowers marginalized pressure for change, unless injustice is named.",
            "Haessler et al. 2020; Becker et al. 2013",
            "New ties across the groups; private support, and gatekeeping as the nearest to pressure the model has; "
            "with voices amplified, as the nearest to naming injustice.", "emergent", contact_helps_and_quiets, True),
    Pattern("X1", "Marginalized members leave 1.2 to 1.6 times as often, converging with tenure.",
            "Hom, Roberson & Ellis 2008",
            "Leaving: who welcomes allies withdraws; who is an ally falls silent. Hazards per step after the first "
            "quarter of a run; newcomers take part for less than 20 steps.", "emergent",
            the_marginalized_leave_more, True),
    Pattern("X2", "Climate moves withdrawal more for the marginalized, but not only for them.", "McKay et al. 2007",
            "A tenth of the advantaged group is made to oppose for 100 steps.", "emergent",
            climate_matters_more_to_the_marginalized),
)  # fmt: skip
