"""Null models: the same people and the same luck with what is to be explained taken away.

A result is about a mechanism only as far as it differs from what happens without it.
"""

from __future__ import annotations

from sim.checks import InputError, check_choice, shown
from sim.networks import Network
from sim.networks.nulls import rewired, shuffled_groups, without_ties
from sim.parameters import Parameters

# Everything through which anybody around matters to somebody. What remains is one's own view, effort and luck, and
# the stigma of ties to marginalized people, which is no influence by what people do.
NO_INFLUENCE = {
    "conformity": 0.0, "acceptance": 0.0, "sanction": 0.0, "threat": 0.0, "accountability": 0.0, "image": 0.0,
    "stigma_transfer": 0.0, "trust_gain": 0.0, "betrayal_loss": 0.0, "opposition_loss": 0.0, "token_loss": 0.0,
    "gossip": 0.0, "solidarity": 0.0, "authenticity_threat": 0.0, "hostility": 0.0, "contact": 0.0, "feedback": 0.0,
}  # fmt: skip

NULLS = {
    "no_influence": "nobody is influenced by anybody: all social weights are 0",
    "independent": "nobody is tied to anybody; all weights are as they were",
    "rewired": "everybody keeps the number of ties, but to random people: no homophily, clusters or bridges",
    "rewired_within": "as rewired, but everybody keeps the number of ties to either group",
    "shuffled_groups": "ties as they were; who belongs to which group is random",
}
ON_NETWORKS = {
    "independent": lambda network, seed: without_ties(network),
    "rewired": lambda network, seed: rewired(network, seed=seed),
    "rewired_within": lambda network, seed: rewired(network, seed=seed, keep_mixing=True),
    "shuffled_groups": lambda network, seed: shuffled_groups(network, seed=seed),
}


def null_model(name: str, parameters: Parameters, network, *, seed: int = 0) -> tuple[Parameters, object]:
    """Return parameters and network of a null model.

    Parameters
    ----------
    name : str
        One of `NULLS`.
    parameters : Parameters
    network : Network
    seed : int
        Luck of rewiring and shuffling, 0 to 2**64 - 1.

    Returns
    -------
    tuple of Parameters and Network
        Whatever the null model does not touch is the same object.

    Raises
    ------
    InputError
        For an unknown name.

    Examples
    --------
    >>> import sim
    >>> network = sim.networks.two_groups(100, seed=1)
    >>> parameters, alone = null_model("independent", sim.Parameters(), network)
    >>> alone.n_people, alone.n_ties
    (100, 0)
    """
    check_choice("null model", name, NULLS)
    if not isinstance(parameters, Parameters):
        raise InputError(f"parameters must be a Parameters object, not {shown(parameters)}")
    if not isinstance(network, Network):
        raise InputError(f"network must be a Network, not {shown(network)}; sim.networks makes them")
    if name == "no_influence":
        return parameters.replace(**NO_INFLUENCE), network
    return parameters, ON_NETWORKS[name](network, seed)
