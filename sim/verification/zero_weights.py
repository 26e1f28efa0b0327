"""Section: a zero weight switches its mechanism off exactly, and without social weights nobody's neighbours matter."""

from __future__ import annotations

import functools
import itertools

import numpy as np

from sim.networks import from_edges, two_groups
from sim.parameters import KNOBS, Parameters
from sim.run import simulate
from sim.verification.check import Case, Check, Section, gap_of, spread_over, yes_or_no

SCHEDULES = ("synchronous", "shuffled")
KNOB = {knob.name: knob for knob in KNOBS}

STIGMA = ("group_stigma", "proximity", "stigma_memory", "stigma_cost", "distancing")
TRUST = ("trust", "trust_spread", "trust_gain", "wariness", "cost_credibility", "betrayal_loss", "repair",
         "opposition_loss", "token_loss", "gossip")  # fmt: skip
RESPONSE = ("trust_weight", "solidarity", "authenticity_threat", "gatekeep_effort", "hostility", "safety")
LOYALTY = ("loyalty", "loyalty_spread")
SYMPATHY = ("sympathy", "sympathy_spread", "contact", "internalise")
FIRST_RESPONSE = ("revise", "noise", "trust", "trust_spread", "trust_weight", "gatekeep_effort", "safety")

OFF = [
    ({"stigma_transfer": 0}, STIGMA),
    ({"stigma_memory": 0}, ("stigma_transfer", "group_stigma", "proximity", "stigma_cost", "distancing")),
    ({"group_stigma": 0}, ("stigma_transfer", "proximity", "stigma_memory", "stigma_cost", "distancing")),
    ({"stigma_cost": 0, "distancing": 0, "cost_credibility": 0},
     ("stigma_transfer", "group_stigma", "proximity", "stigma_memory")),
    ({"sanction": 0}, ("complicity", "shield")),
    ({"conviction": 0}, SYMPATHY),
    ({"conformity": 0, "threat": 0, "distancing": 0, "complicity": 0}, LOYALTY),
    ({"loyalty": 0, "loyalty_spread": 0}, ("conformity", "threat", "distancing", "complicity")),
    ({"acceptance": 0, "contact": 0}, (*TRUST, *RESPONSE)),
    ({"trust_weight": 0}, TRUST),
    ({"trust_gain": 0}, ("cost_credibility", "wariness")),
    ({"betrayal_loss": 0}, ("repair",)),
    ({"repair": 1}, ("betrayal_loss",)),
    ({"contact": 0, "internalise": 0, "sympathy_spread": 0, "conviction": 0}, ("sympathy",)),
    ({"revise": 0}, tuple(knob.name for knob in KNOBS if not knob.is_switch and knob.name not in FIRST_RESPONSE)),
    ({"token_allowed": False}, ("image", "token_effort", "token_visibility", "token_loss")),
    ({"oppose_allowed": False}, ("threat", "accountability", "distancing", "hostility", "opposition_loss")),
    ({"ally_allowed": False}, ("acceptance", "betrayal_loss", "repair", "trust_gain", "cost_credibility")),
    ({"bystand_allowed": False}, ("complicity",)),
]  # fmt: skip

ALONE = {
    "stigma_transfer": 0, "conformity": 0, "sanction": 0, "threat": 0, "accountability": 0, "image": 0, "acceptance": 0,
    "contact": 0, "internalise": 0,
    "trust_gain": 0, "betrayal_loss": 0, "opposition_loss": 0, "token_loss": 0, "gossip": 0, "solidarity": 0,
    "authenticity_threat": 0, "hostility": 0,
}  # fmt: skip
SETTINGS = [
    Parameters(**ALONE, revise=1),
    Parameters(**ALONE, revise=1, conviction=4, sympathy=-0.3, sympathy_spread=1.2, effort=0.7, token_effort=0.2,
               noise=0.6, trust=0.2, trust_spread=0.5, gatekeep_effort=0.3, safety=-0.4),
]  # fmt: skip


@functools.cache
def network_of_300():
    """Return the network on which mechanisms are switched off."""
    return two_groups(300, 0.25, mean_degree=8, homophily=0, seed=4)


def values(names, high: bool):
    """Return the low or high end of the usual range of some parameters."""
    return {name: KNOB[name].usual_high if high else KNOB[name].usual_low for name in names}


def acts(parameters, null, schedule="synchronous"):
    """Return everybody's acts; of advantaged people only where the marginalized side is what has been cut off."""
    network = network_of_300()
    start = {"ally_allowed": "silent", "bystand_allowed": "allied"}.get(next(iter(null)), 0.4)
    run = simulate(parameters, network, steps=60, start=start, seed=6, record_people=True, schedule=schedule)
    return run.trajectory["act"][:, ~network.is_marginalized if "acceptance" in null else slice(None)]


def acts_low_and_high(null, companions, schedule="synchronous", *, is_off=True):
    """Return acts with the companions of a mechanism low and high, switched off or on."""
    fixed = null if is_off else {}
    return [acts(Parameters(**values(companions, side) | fixed), null, schedule) for side in (False, True)]


def switched_off(count: int, seed: int):
    """Compare acts with what belongs to a mechanism low and high, the mechanism off."""
    for (null, companions), schedule in spread_over(list(itertools.product(OFF, SCHEDULES)), count):
        yield Case(gap_of(*acts_low_and_high(null, companions, schedule)), 0.0, f"{null}, {schedule}")


def switched_on(count: int, seed: int):
    """Expect the same change to matter with the mechanism on."""
    for null, companions in spread_over(OFF, count):
        low, high = acts_low_and_high(null, companions, is_off=False)
        yield yes_or_no((low != high).any(), f"companions of {null} do nothing at all")


def acts_alone(p) -> list[np.ndarray]:
    """Return acts of the same people on three networks from three starts, with all social weights 0."""
    groups = np.arange(1000) % 10 < 3
    ring = from_edges([(i, (i + k) % 1000) for i in range(1000) for k in (1, 2, 3)], groups)
    star = from_edges([(0, i) for i in range(1, 1000)], groups)
    return [
        simulate(p.replace(revise=0.5), network, steps=60, start=start, seed=4).state.act
        for network in (ring, star, from_edges([], groups))
        for start in ("silent", "allied", "opposed")
    ]


def alone(count: int, seed: int):
    """Compare acts of the same people with other neighbours."""
    for p in SETTINGS:
        first, *others = acts_alone(p)
        yield from (Case(gap_of(first, other), 0.0, f"network and start {i + 1}") for i, other in enumerate(others))


SECTION = Section(
    "zero-weights",
    "A zero weight switches its mechanism off",
    "Every mechanism can be taken out without a trace, so that what it does can be measured against a run without it.",
    "That a mechanism is at work in people; only that nothing of it is left in the model when it is switched off.",
    (
        Check("acts of 300 people over 60 steps with a mechanism off, the parameters of that mechanism low and high",
              switched_off, 2 * len(OFF), 12),
        Check("the same change with the mechanism on: does it matter? (a difference is one that does not)", switched_on,
              len(OFF), 6, "without effect"),
        Check("all social weights 0: acts of the same 1,000 people on three networks from three starts", alone, 16, 16),
    ),
)  # fmt: skip
