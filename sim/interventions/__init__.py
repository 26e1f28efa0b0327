"""What can be done to a run from outside: when, to whom, how strongly.

>>> import sim
>>> training = sim.intervention("bystander_training", share=0.3, begin=50)
>>> network = sim.networks.two_groups(n_people=200, seed=1)
>>> run = sim.simulate(network=network, steps=100, seed=7, interventions=[training])
>>> len(run.picked[0])
48
"""

from sim.interventions.catalogue import CATALOGUE, intervention, interventions_of
from sim.interventions.course import Course
from sim.interventions.intervention import Intervention
from sim.interventions.targets import RULES

__all__ = ["CATALOGUE", "RULES", "Course", "Intervention", "intervention", "interventions_of"]
