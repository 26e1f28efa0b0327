"""Real networks that come with NetworkX."""

from __future__ import annotations

from sim.networks.convert import convert
from sim.networks.network import Network
from sim.networks.reading import Reading


def karate_club() -> Network:
    """Return the ties among the 34 members of a university karate club that broke up into two.

    The groups are the clubs that the members joined after the break: the instructor's ("Mr. Hi", 17 people,
    in the place of the advantaged group) and the officers' ("Officer", 17 people, in the place of the
    marginalized one). **Nobody in this club was marginalized.** It is here only as a small real network with
    two real groups.

    Returns
    -------
    Network
        34 people and 78 ties; how often two people met is not used.

    References
    ----------
    Zachary (1977), "An information flow model for conflict and fission in small groups", Journal of
    Anthropological Research 33, 452-473; as distributed with NetworkX.
    """
    import networkx as nx

    graph = nx.karate_club_graph()
    for *_, meetings in graph.edges(data=True):
        meetings.clear()
    return convert(graph, Reading(group="club", marginalized="Officer"), {"family": "karate_club"})


REAL = {"karate_club": karate_club}
