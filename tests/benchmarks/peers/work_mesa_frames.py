"""mesa-frames: a noisy majority rule as joins and sums of data frames."""

import numpy as np
import polars as pl
from mesa_frames import AgentSetPolars, ModelDF


class People(AgentSetPolars):
    """Everybody has one of two acts; all decide from the same picture."""

    def __init__(self, model, people: int, ties: np.ndarray):
        super().__init__(model)
        acts = model.random.integers(0, 2, people)
        self.add(pl.DataFrame({"unique_id": np.arange(people), "act": acts}))
        both = np.vstack([ties, ties[:, ::-1]]).astype(np.int64)
        self.ties = pl.DataFrame({"unique_id": both[:, 0], "other": both[:, 1]})

    def step(self) -> None:
        acts = self.agents.select(pl.col("unique_id").alias("other"), "act")
        around = self.ties.join(acts, on="other").group_by("unique_id").agg(pl.col("act").mean().alias("share"))
        draws = pl.Series("draw", self.model.random.random(len(self.agents)))
        seen = self.agents.select("unique_id").join(around, on="unique_id", how="left", maintain_order="left")
        chosen = seen.with_columns(draws).select(pl.col("draw") < 0.05 + 0.9 * pl.col("share").fill_null(0.0))
        self.agents = self.agents.with_columns(act=chosen.to_series().cast(pl.Int64))


class Work:
    def __init__(self, people: int, ties: str):
        self.model = ModelDF(seed=1)
        self.model.agents += People(self.model, people, np.load(ties))

    def advance(self, steps: int) -> None:
        for _ in range(steps):
            self.model.step()


PEERS = {"mesa-frames": Work}
