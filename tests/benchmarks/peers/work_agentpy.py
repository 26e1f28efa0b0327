"""AgentPy: a noisy majority rule."""

import agentpy
import networkx as nx
import numpy as np


class Person(agentpy.Agent):
    """Somebody with one of two acts."""

    def setup(self):
        self.act = self.model.random.random() < 0.5

    def decide(self):
        around = list(self.network.neighbors(self))
        share = sum(other.act for other in around) / max(1, len(around))
        self.chosen = self.model.random.random() < 0.05 + 0.9 * share

    def commit(self):
        self.act = self.chosen


class Town(agentpy.Model):
    """Everybody decides from the same picture, then all commit."""

    def setup(self):
        network = agentpy.Network(self, self.p.graph)
        people = agentpy.AgentList(self, self.p.people, Person)
        network.add_agents(people, network.nodes)
        people.network = network
        self.everybody = people

    def step(self):
        self.everybody.decide()
        self.everybody.commit()


class Work:
    def __init__(self, people: int, ties: str):
        graph = nx.empty_graph(people)
        graph.add_edges_from(np.load(ties).tolist())
        self.town = Town({"graph": graph, "people": people, "seed": 1})
        self.town.sim_setup()

    def advance(self, steps: int) -> None:
        for _ in range(steps):
            self.town.sim_step()


PEERS = {"AgentPy": Work}
