"""Worked examples are worked at the values of the published equations, whatever the calibrated default is."""

import sim

VALUES = {
    "loyalty": 0.6, "sympathy": 0.15, "conviction": 2.0, "effort": 1.5, "token_effort": 1.75, "stigma_cost": 3.0,
    "proximity": 0.2, "acceptance": 1.5, "wariness": 0.0, "betrayal_loss": 0.4, "contact": 0.0002, "heed": 0.2,
}  # fmt: skip


def published(**changes) -> sim.Parameters:
    """Return the parameters of the published equations, changed."""
    return sim.Parameters(**VALUES | changes)
