"""Section: any row of a sweep can be made again from its folder alone, to the last bit."""

from __future__ import annotations

import tempfile

from sim.networks import karate_club
from sim.sweeps import Design, open_sweep, replay, sweep
from sim.verification.check import Check, Section, yes_or_no
from sim.verification.luck import Luck, several

NETWORKS = {"ring": {"family": "ring_lattice", "n_people": 60, "mean_degree": 6},
            "worlds": {"family": "small_world", "n_people": 60, "mean_degree": 6, "rewiring": 0.2},
            "groups": {"family": "two_groups", "n_people": 60, "mean_degree": 6, "homophily": 0.7}}  # fmt: skip


def varied_design(replicates: int = 3, ramp: bool = False) -> Design:
    """Return a design with several networks, starts, schedules, and perhaps a ramp."""
    networks = {"club": karate_club(), **NETWORKS}
    axes = {"network": list(networks), "start": ["silent", "allied", 0.3], "schedule": ["synchronous", "shuffled"],
            "loyalty": [0.3, 0.8]}  # fmt: skip
    about = {"parameter": "stigma_transfer", "values": [0.0, 0.3, 0.6], "hold": 6} if ramp else None
    axes |= {} if ramp else {"steps": 12}
    return Design(axes=axes, networks=networks, replicates=replicates, ramp=about, luck="independent")


def replays(count: int, seed: int):
    """Replay random rows, half of them with a ramp, from their folder alone."""
    for ramp, share in ((False, count - count // 2), (True, count // 2)):
        if not share:
            continue
        with tempfile.TemporaryDirectory(prefix="allyship-") as folder:
            sweep(varied_design(ramp=ramp), folder, workers=2)
            swept = open_sweep(folder)
            for number in several(range(len(swept.table)), share, Luck(seed, 8 * 10**6 + ramp)):
                again = replay(swept, number)
                yield yes_or_no(again.is_equal, f"row {number}, ramp {ramp}: {again.differences[:1]}")


SECTION = Section(
    "replay",
    "Any row can be made again",
    "Behind every number of a table stands a run that anybody can make again and look into, person by person.",
    "That another version of the model gives the same; the manifest of a result says which version made it.",
    (
        Check("random rows of sweeps over four networks, three starts, both schedules, with and without a ramp, made "
              "again from the folder: every outcome", replays, 100, 10, "1 = other bits"),
    ),
)  # fmt: skip
