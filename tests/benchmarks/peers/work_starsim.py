"""starsim: its SIS model on the given network."""

import numpy as np
import starsim as ss

LONGEST = 15_000  # steps a simulation is laid out for


class Work:
    def __init__(self, people: int, ties: str):
        first, second = np.load(ties).T
        network = ss.Network(p1=first, p2=second, beta=np.ones(len(first)))
        disease = ss.SIS(beta=ss.probperyear(0.1), init_prev=0.5, dur_inf=ss.years(2), waning=ss.peryear(0.5))
        self.sim = ss.Sim(n_agents=people, networks=network, diseases=disease, dt=1, dur=LONGEST, verbose=0)
        self.sim.init()

    def advance(self, steps: int) -> None:
        for _ in range(steps):
            self.sim.run_one_step()


PEERS = {"starsim": Work}
