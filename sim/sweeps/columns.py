"""What a row of a sweep holds."""

from __future__ import annotations

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
