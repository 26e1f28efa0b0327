"""What a row of a sweep holds."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sim.measures import COLUMNS

# Of the network.
ABOUT = ("n_people", "n_ties", "mean_degree", "marginalized_share", "homophily", "clustering")
# Averages over the last tenth of the run.
MEASURES = tuple(name for name in COLUMNS if name != "step")
# Of the whole run; see `sim.outcomes.summary_of`.
WHOLE_RUN = {
    "tipping_step": "tipping_step",
    "peak_ally_share": "peak_ally_share",
    "peak_step": "peak_step",
    "collapse_step": "collapse_step",
    "total_betrayals": "betrayals",
    "total_withdrawals": "withdrawals",
}
OUTCOMES = (*ABOUT, *MEASURES, "regime", *WHOLE_RUN)
# Of a published model instead of the measures above: each of its own over the last tenth of the run, and at its end.
FINAL, LAST = "final_", "last_"
EVERY_OUTCOME = (*OUTCOMES, f"{FINAL}*", f"{LAST}*")
SEEDS = ("network_seed", "start_seed", "seed")
STATUS = ("status", "error", "notes", "seconds", "key")

# Kinds of the columns on disk; everything else is a number with a fraction.
TEXTS = ("key", "point", "configuration", "direction", "regime", "status", "error", "notes", "recorded")
WHOLE = ("replicate", "place", "n_people", "n_ties", "tipping_step", "peak_step", "collapse_step", "total_betrayals",
         "total_withdrawals")  # fmt: skip
STORED = ("key", "point", "configuration", "root", "replicate", *SEEDS, "place", "direction", "value", *OUTCOMES,
          "status", "error", "notes", "recorded", "seconds")  # fmt: skip

# Texts of which few are different: read as such, they take little room.
REPEATED = [name for name in TEXTS if name != "key"]

DONE, FAILED = "done", "failed"
# What identifies a row and says which of two rows of the same run is the better one.
IDENTITY = ("key", "place", "status", "recorded")


def is_of_classic(name: str) -> bool:
    """Tell whether a column holds an outcome of a published model."""
    return name.startswith((FINAL, LAST))


def chosen(names: Iterable[str], asked: Collection[str]) -> list[str]:
    """Return the columns that are asked for by name or, as ``final_*``, by how they begin."""
    return [name for name in names if name in asked or (is_of_classic(name) and f"{name.split('_')[0]}_*" in asked)]
