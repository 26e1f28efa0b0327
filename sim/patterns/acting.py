"""Patterns of acting, and of being punished for it."""

from __future__ import annotations

import numpy as np

from sim.interventions import intervention
from sim.patterns.bench import STEPS, advantaged, forced, is_ally, late, ties_to
from sim.patterns.pattern import Pattern, above, below, flat, mean
from sim.rules import Response, Stance

SCENE = 10  # steps that a scene lasts before its effect is read off: each person has reconsidered about once


def _incident(**about):
    return intervention("custom", who="random", share=0.05, force="oppose", begin=STEPS - SCENE, **about)


def _acting_witnesses(run) -> float:
    """Return the share of allies among advantaged people with a neighbour who was made to oppose."""
    witness = (ties_to(run.network, forced(run)) > 0) & ~run.network.is_marginalized & ~forced(run)
    return is_ally(run)[witness].mean()


def few_witnesses_act(bench):
    """C4."""
    usual = bench.arm(_acting_witnesses, interventions=[_incident()])
    powerful = bench.arm(_acting_witnesses, changes={"sanction": 2 * bench.parameters.sanction},
                         interventions=[_incident()])  # fmt: skip
    return [
        mean("share of witnesses who act", usual, 0.15, 0.45),
        below("change when opposers can punish twice as hard", powerful - usual),
    ]


def _rejection(run) -> np.ndarray:
    """Return mean pressure on allies around by those who went along before, and by those who did not."""
    people = advantaged(run)
    act, loyalty = run.trajectory["act"][:, people], run.trajectory["loyalty"][-1][people]
    went_along = (act[: STEPS // 2] <= Stance.BYSTAND).mean(axis=0) > 0.5
    pressure = (act[-1] == Stance.BYSTAND) * loyalty * run.parameters.complicity
    meets_ally = ties_to(run.network, is_ally(run))[people] > 0
    groups = (went_along & meets_ally, ~went_along & meets_ally)
    return np.array([pressure[group].mean() if group.any() else np.nan for group in groups])


def the_complicit_reject(bench):
    """S6."""
    usual = np.diff(bench.arm(_rejection, record_people=True, replicates=min(bench.pairs, 200)))[:, 0]
    blameless = np.diff(bench.arm(_rejection, record_people=True, changes={"complicity": 0.0}))[:, 0]
    return [
        below("pressure by the uninvolved minus that by those who went along", usual),
        flat("the same without complicity", blameless, usual),
    ]


def _around_planted(run) -> np.ndarray:
    """Return acceptance by marginalized neighbours of planted allies, and support by all other advantaged people."""
    planted = forced(run)
    around = (ties_to(run.network, planted) > 0) & run.network.is_marginalized
    act, others = run.state.act, ~run.network.is_marginalized & ~planted
    accepted = (act[around] == Response.WELCOME).mean() - (act[around] == Response.GATEKEEP).mean()
    return np.array([accepted, (act[others] >= Stance.TOKEN).mean()])


def _planted(run_network, central: bool) -> list:
    people = np.flatnonzero(~run_network.is_marginalized)
    order = people[np.argsort(run_network.degree[people], kind="stable")]
    count = round(0.05 * len(people))
    return order[-count:].tolist() if central else order[:count].tolist()


def dominance_costs_acceptance(bench):
    """A3."""

    def planted(central):
        def scene(replicate):
            return [intervention("scene", people=_planted(bench.network(replicate), central), force="ally")]

        return bench.arm(_around_planted, interventions=scene, label=central)

    gap = planted(True) - planted(False)
    return [
        below("acceptance around the most central planted allies minus that around the least central", gap[:, 0]),
        above("support by others, likewise", gap[:, 1]),
    ]


def threat_turns_the_loyal(bench):
    """H1."""
    usual, loyal = bench.parameters.loyalty, min(1.0, bench.parameters.loyalty + 0.2)

    def opposition(threat, loyalty):
        return bench.arm(late("oppose_share"), start="allied", changes={"threat": threat, "loyalty": loyalty})

    calm = opposition(0.0, loyal) - opposition(0.0, usual)
    threatened = opposition(2 * bench.parameters.threat, loyal) - opposition(2 * bench.parameters.threat, usual)
    return [
        above("opposition added by loyalty under threat minus that without", threatened - calm),
        below("opposition added by loyalty without threat", calm, 0.01),
    ]


def accountability_amplifies_training(bench):
    """I1."""
    training, duty = intervention("bystander_training"), intervention("accountability")
    allies = late("ally_share")
    none, trained, held, both = (
        bench.arm(allies, interventions=done) for done in ([], [training], [duty], [training, duty])
    )
    return [
        above("allies added by both minus those added by each", (both - held) - (trained - none)),
        mean("allies added by training alone", trained - none, -0.05, 0.05),
    ]


ACTING = (
    Pattern("C4", "Few witnesses act, and fewer against the powerful.",
            "Swim & Hyers 1999; Hawkins, Pepler & Craig 2001; Ashburn-Nardo et al. 2014",
            "A twentieth of the advantaged group is made to oppose for ten steps: 15 to 45 % of their advantaged "
            "neighbours are allies; fewer if punishment is twice as hard.", "emergent", few_witnesses_act, True),
    Pattern("S6", "Those who went along reject the ally who did not; the uninvolved do not.",
            "Monin, Sawyer & Marquez 2008",
            "Pressure by silence from people with allies around who mostly went along in the first half of a run, "
            "against that from those who did not; without complicity no difference. (Lasting private views alone "
            "suffice for it.)",
            "emergent", the_complicit_reject, True),
    Pattern("A3", "The more dominant an ally, the less accepted, and the more influential.",
            "Park et al. 2022; Moser, Watkins & Branscombe 2024",
            "A twentieth of the advantaged group are planted allies: those with most ties against those with fewest.",
            "emergent", dominance_costs_acceptance),
    Pattern("I1", "Accountability amplifies training; training alone does little.", "Kalev, Dobbin & Kelly 2006",
            "Bystander training of 30 % and accountability, alone and together.", "emergent",
            accountability_amplifies_training),
    Pattern("H1", "Threat turns the loyal against allies; without it they are no less tolerant.",
            "Wilkins & Kaiser 2014",
            "Threat (none, twice the default) by loyalty (default, 0.2 more), from an allied start.",
            "emergent", threat_turns_the_loyal),
)  # fmt: skip
