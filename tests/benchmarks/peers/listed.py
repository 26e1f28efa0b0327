"""Who is compared: where they live, what they do in a step, and how much faster this engine is meant to be."""

from __future__ import annotations

from typing import NamedTuple

ONE_RUN, LANES = "this engine, one run", "this engine, lanes, two cores"


class Peer(NamedTuple):
    """`environment` is empty for what runs where this engine does; a goal is how many times as fast this engine is."""

    name: str
    package: str
    environment: str
    work: str
    goal_lanes: float | None = None
    goal_one_run: float | None = None
    runs: int = 1  # that a step advances


PEERS = (
    Peer(LANES, "allyship-sim", "", "the full model with measures, sixteen runs, eight side by side on each core",
         runs=16),
    Peer("this engine, lanes, one core", "allyship-sim", "", "the full model with measures, eight runs side by side",
         runs=8),
    Peer(ONE_RUN, "allyship-sim", "", "the full model with measures, on one core"),
    Peer("bare neighbour sum", "numba", "", "the limit: one addition per neighbour, nobody changes"),
    Peer("SciPy sparse", "scipy", "", "the full model's rules and random numbers, vectorised; no measures"),
    Peer("Mesa engine", "mesa", "", "the full model with measures", 3000, 500),
    Peer("Mesa virus on a network", "mesa", "",
         "simpler: one of three states, only the infected (soon nearly all) look around; on a random graph"),
    Peer("mesa-frames", "mesa_frames", "mesa-frames",
         "simpler: one of two acts, noisy majority of neighbours; data frames on all cores", 100),
    Peer("AgentPy", "agentpy", "agentpy", "simpler: one of two acts, noisy majority of neighbours", 1000),
    Peer("ndlib", "ndlib", "ndlib", "simpler: one of two states, the infected do not look around", 500),
    Peer("EoN", "EoN", "eon",
         "simpler: one of two acts, noisy voters in continuous time; a step is a unit of it, one look each on average"),
    Peer("starsim", "starsim", "starsim", "simpler: infection and immunity only, arrays over ties", 25),
)  # fmt: skip
MODULES = {
    "": "work_main", "mesa-frames": "work_mesa_frames", "agentpy": "work_agentpy", "ndlib": "work_ndlib",
    "eon": "work_eon", "starsim": "work_starsim",
}  # fmt: skip
