"""What the limit cases share: parameters with all but the norm switched off, and averages over a run."""

from __future__ import annotations

from sim.parameters import Parameters
from sim.run import simulate

# Stigma, sanction, trust, token acts, threat and private change off; everybody alike and fully loyal. What is left is
# U_ally = h + J m - e and U_oppose = -(h + J m) - e, with h = sympathy and m the visible norm around.
NORM_ONLY = {
    "stigma_transfer": 0, "distancing": 0, "stigma_cost": 0, "sanction": 0, "threat": 0, "accountability": 0,
    "image": 0, "token_allowed": False, "acceptance": 0, "contact": 0, "internalise": 0,
    "loyalty": 1, "loyalty_spread": 0, "sympathy_spread": 0, "conviction": 1, "noise": 1,
}  # fmt: skip


def norm_only(*, coupling, field=0.0, **more) -> Parameters:
    """Return parameters under which only the norm matters: J = coupling, h = field."""
    return Parameters(**(NORM_ONLY | {"conformity": coupling, "sympathy": field} | more))


def visible_norm(history):
    """Return the norm of every step of a run in which nobody shows tokens."""
    return (history.ally_share - history.oppose_share).to_numpy()


def mean_norm(parameters, network, *, start, burn_in=80, steps=240, seed=1) -> float:
    """Return the norm of a run averaged after its burn-in."""
    history = simulate(parameters, network, steps=burn_in + steps, start=start, seed=seed).history
    return float(visible_norm(history)[burn_in:].mean())
