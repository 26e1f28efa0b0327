"""EoN: Gillespie's algorithm for a noisy voter rule; in one unit of time everybody looks around once on average."""

import EoN
import networkx as nx
import numpy as np


def rate(graph, person, acts, _=None):
    """Return the rate of changing one's act: mostly the share of neighbours who act otherwise."""
    around = graph[person]
    others = sum(acts[other] != acts[person] for other in around)
    return 0.05 + 0.9 * others / max(1, len(around))


def choice(graph, person, acts, _=None):
    return "B" if acts[person] == "A" else "A"


def touched(graph, person, acts, _=None):
    return graph[person]


class Work:
    def __init__(self, people: int, ties: str):
        self.graph = nx.empty_graph(people)
        self.graph.add_edges_from(np.load(ties).tolist())
        self.rng = np.random.default_rng(1)
        self.acts = {person: "AB"[draw] for person, draw in enumerate(self.rng.integers(0, 2, people))}

    def advance(self, steps: int) -> None:
        EoN.Gillespie_complex_contagion(
            self.graph, rate, choice, touched, dict(self.acts), ("A", "B"), tmax=steps, rng=self.rng
        )


PEERS = {"EoN": Work}
