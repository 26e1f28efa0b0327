"""The network of a run, given or made, and what is measured of it; those in use are kept."""

from __future__ import annotations

import functools
import warnings

from sim.networks import GENERATORS, Network, NetworkWarning
from sim.nulls import ON_NETWORKS
from sim.sweeps.columns import ABOUT


def network_of_run(about: dict, seed: int, networks: dict) -> tuple[Network, dict]:
    """Return the network of a run and its measures.

    Parameters
    ----------
    about : mapping
        ``network`` of a configuration: ``digest``, or ``family`` and arguments; and perhaps ``null``.
    seed : int
        Of the network of this run, if it is made.
    networks : dict of str to Network
        Given networks by digest.
    """
    if "digest" not in about:
        return _generated(tuple(sorted(about.items())), seed)
    network = networks[about["digest"]]
    if "null" in about:
        network = _null_of(network, about["null"], seed)
    return network, measures_of(network)


def _null_of(network: Network, name: str, seed: int) -> Network:
    """Return a null model of a given network; the last one is kept, as runs on the same one follow each other."""
    kept = vars(network).get("_null_in_sweeps")
    if kept is None or kept[:2] != (name, seed):
        kept = vars(network)["_null_in_sweeps"] = (name, seed, ON_NETWORKS[name](network, seed))
    return kept[2]


@functools.lru_cache(maxsize=16)
def _generated(about: tuple, seed: int):
    arguments = dict(about)
    family, null = GENERATORS[arguments.pop("family")], arguments.pop("null", None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NetworkWarning)  # the notes say the same, and are kept
        network = family(**arguments, seed=seed)
    if null is not None:
        network = ON_NETWORKS[null](network, seed)
    return network, measures_of(network)


def measures_of(network: Network) -> dict:
    """Return what the rows of a sweep say of a network, measured once."""
    memory = vars(network)
    if "_in_sweeps" not in memory:
        measures = network.measures()
        memory["_in_sweeps"] = {name: measures[name] for name in ABOUT} | {"notes": "; ".join(network.notes)}
    return memory["_in_sweeps"]

