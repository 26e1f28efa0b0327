"""ndlib: its SIS model, kept alive by a high rate of infection."""

import ndlib.models.epidemics as epidemics
import networkx as nx
import numpy as np
from ndlib.models.ModelConfig import Configuration


class Work:
    def __init__(self, people: int, ties: str):
        graph = nx.empty_graph(people)
        graph.add_edges_from(np.load(ties).tolist())
        self.model = epidemics.SISModel(graph, seed=1)
        settings = Configuration()
        for name, value in {"beta": 0.1, "lambda": 0.5, "fraction_infected": 0.5}.items():
            settings.add_model_parameter(name, value)
        self.model.set_initial_status(settings)

    def advance(self, steps: int) -> None:
        for _ in range(steps):
            self.model.iteration(node_status=False)


PEERS = {"ndlib": Work}
