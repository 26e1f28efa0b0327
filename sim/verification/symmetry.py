"""Groups are roles, not names; and where nothing distinguishes ally from opposer, the two are mirror images."""

from __future__ import annotations

import itertools
import math

import networkx as nx

from sim import rules
from sim.networks import from_networkx, two_groups
from sim.parameters import Parameters
from sim.run import simulate
from sim.state import FIELDS
from sim.verification.check import Case, Check, same_bits, spread_over, yes_or_no
from sim.verification.limit_cases import norm_only

# A graph and the same graph with other words for everything; the last one calls the two groups by each other's names.
NAMES = [("Group A", "Group B"), (0, 1), (True, False), (2.5, 7), ("Group B", "Group A")]
LABELS = (str, lambda person: 1000 - person, lambda person: ("person", person))
SCHEDULES = ("synchronous", "shuffled")
SYMMETRIC = [norm_only(coupling=3.3), norm_only(coupling=0.7, effort=2.1, conviction=2.9, noise=0.37),
             norm_only(coupling=5, loyalty=0.3, bystand_allowed=False)]  # fmt: skip
SYMPATHIES = (0.0, 0.3, -0.77, 1.0)


def graph_with_roles(is_marginalized=lambda person: person % 4 == 1):
    """Return 60 people as a NetworkX graph that says who is marginalized."""
    network = two_groups(60, 0.0, mean_degree=8, homophily=0, seed=3)
    graph = nx.Graph()
    graph.add_nodes_from((person, {"is_marginalized": is_marginalized(person)}) for person in range(60))
    graph.add_edges_from((one, int(other)) for one in range(60) for other in network.neighbours_of(one))
    return graph


def renamed(graph, advantaged, marginalized, label):
    """Return the network of the same people under other group names, attribute name and labels."""
    copy = nx.Graph()
    for person, is_marginalized in graph.nodes(data="is_marginalized"):
        copy.add_node(label(person), role=marginalized if is_marginalized else advantaged)
    copy.add_edges_from((label(one), label(other)) for one, other in graph.edges)
    return from_networkx(copy, group="role", marginalized=marginalized)


def runs_by_name(label, schedule) -> list:
    """Return the same run under all names of the groups."""
    graph = graph_with_roles()
    return [simulate(Parameters(), renamed(graph, *names, label), steps=60, start=0.3, seed=9, schedule=schedule)
            for names in NAMES]  # fmt: skip


def renaming(count: int, seed: int):
    """Compare runs of the same people under other names."""
    for i, (label, schedule) in enumerate(itertools.product(LABELS, SCHEDULES)):
        first, *others = runs_by_name(label, schedule)
        for names, run in zip(NAMES[1:], others, strict=True):
            one, other = ({name: getattr(each.state, name) for name in FIELDS} for each in (first, run))
            case = same_bits(one, other, f"under {names}, labels {i // 2}, {schedule}")
            yield case if first.history.equals(run.history) else Case(math.inf, 0.0, f"{case.about} history")


def weights(p, sympathy, allies, opposers, n=7):
    """Return the weights of OPPOSE, BYSTAND, TOKEN and ALLY for somebody with n neighbours."""
    nothing = dict.fromkeys(rules.Seen._fields, 0)
    seen = rules.Seen(**nothing | {"allies": allies, "opposers": opposers, "n_advantaged": n})
    utilities = rules.stance_utilities(p, sympathy, p.loyalty, 0.0, rules.advantaged_view(p, seen))
    return rules.stance_weights(p, *utilities)


def is_mirrored(p, sympathy, allies, opposers) -> bool:
    """Tell whether turning sympathy and all acts around mirrors the choice exactly."""
    oppose, bystand, token, ally = weights(p, sympathy, allies, opposers)
    return weights(p, -sympathy, opposers, allies) == (ally, bystand, token, oppose)


def mirror(count: int, seed: int):
    """Compare choices with their mirror images."""
    around = [(allies, opposers) for allies in range(8) for opposers in range(8 - allies)]
    for p, sympathy, others in spread_over(list(itertools.product(SYMMETRIC, SYMPATHIES, around)), count):
        yield yes_or_no(is_mirrored(p, sympathy, *others), f"sympathy {sympathy}, allies and opposers {others}")


CHECKS = (
    Check("renaming groups, people and labels: last state of all and the whole history of the same people",
          renaming, 24, 24),
    Check("where nothing distinguishes ally from opposer: the choice of somebody turned around is the mirror image",
          mirror, 432, 432, "1 = other weights"),
)  # fmt: skip
