"""The causal diff of two runs: whom an intervention changed, when, and along which ties the change travelled.

Both runs have the same people, network and luck, so whatever differs comes from the interventions. A difference begins
where an intervention acts; from there it can only travel through what people show their neighbours (and, with
`feedback`, through what is made known of private views).
"""

from __future__ import annotations

import dataclasses
from functools import cached_property

import numpy as np

from sim import streams
from sim.checks import InputError
from sim.counting import counted
from sim.effects.arms import arms_of
from sim.effects.differing import (
    FEELINGS,
    PLACE,
    ends_at,
    norm_made_known,
    set_otherwise,
    shown_codes,
    tied_otherwise,
    under_other_numbers,
)

DIRECT, TOLD, NEIGHBOURS = "intervention", "made known", "neighbours"


def trace(
    with_,
    without=(),
    *,
    parameters=None,
    network=None,
    steps: int = 100,
    seed: int = 0,
    start_seed: int | None = None,
    start="silent",
    schedule: str = "synchronous",
) -> Trace:
    """Run with some interventions and without them, and find out whom that changed, when and through whom.

    Parameters
    ----------
    with_, without : sequence of Intervention, mappings or names
        What is done to the one run, and to the other; what is done to both alike is no difference.
    parameters, network, steps, seed, start_seed, start, schedule
        Of both runs; as in `sim.simulate`. Everybody is kept at every step: 68 bytes per person and step.

    Returns
    -------
    Trace

    Raises
    ------
    InputError
        For anything that cannot be used.

    Examples
    --------
    >>> import sim
    >>> network = sim.networks.two_groups(n_people=100, mean_degree=8, seed=1)
    >>> silenced = sim.intervention("scene", people=[3], force="oppose", begin=6, end=9)
    >>> traced = trace([silenced], network=network, steps=30, seed=7)
    >>> first = traced.people.iloc[0]
    >>> int(first.person), int(first.first_step_act), first.way
    (3, 6, 'intervention')
    """
    from sim.run import check_network, simulate  # here, as a run knows interventions

    arms = arms_of(with_, without)
    network = check_network(network, streams.check_seed(seed))
    common = {"steps": steps, "seed": seed, "start_seed": start_seed, "start": start, "schedule": schedule}
    runs = [simulate(parameters, network, **common, interventions=arm, record_people=True) for arm in arms]
    return Trace(*runs)


@dataclasses.dataclass(frozen=True, eq=False, repr=False)
class Trace:
    """What differs between two runs that have all but their interventions in common.

    Attributes
    ----------
    with_, without : Run
        Both with ``record_people=True``, and of the same network, people, luck and steps.

    Notes
    -----
    Someone is *directly reached* where an intervention of only one of the runs acts on this very person: a script, a
    knob that the rules of the person's group read, a feeling that is set, an own tie. Whether that changes anything is
    another question.

    Under the shuffled schedule people see what others have done earlier in the same step, which is taken from the state
    after it. A feeling that both runs set to the same value right then may hide a carrier.
    """

    with_: object
    without: object

    def __post_init__(self):
        one, other = self.with_, self.without
        if one.trajectory is None or other.trajectory is None:
            raise InputError("a trace needs every person at every step: run simulate(..., record_people=True)")
        same = ("seed", "schedule", "steps", "first_step")
        if one.network != other.network or any(getattr(one, name) != getattr(other, name) for name in same):
            raise InputError(f"a trace compares runs of the same network, {', '.join(same)}")

    # --- what differs ---------------------------------------------------------------------------------------

    @cached_property
    def acts_differ(self) -> np.ndarray:
        """Who does something else, or has just done: bool, shape (steps + 1, n_people)."""
        return self._differ(("act", "betrayed"))

    @cached_property
    def feelings_differ(self) -> np.ndarray:
        """Who feels something else: bool, shape (steps + 1, n_people)."""
        return self._differ(FEELINGS)

    @cached_property
    def signals_differ(self) -> np.ndarray:
        """Who shows the neighbours something else: bool, shape (steps + 1, n_people)."""
        is_marginalized = self.with_.network.is_marginalized
        one, other = (shown_codes(run.trajectory, is_marginalized) for run in (self.with_, self.without))
        return one != other

    def _differ(self, names) -> np.ndarray:
        one, other = self.with_.trajectory, self.without.trajectory
        return np.logical_or.reduce([one[name] != other[name] for name in names])

    # --- how it came about ----------------------------------------------------------------------------------

    @cached_property
    def reached(self) -> np.ndarray:
        """Whom an intervention acts on directly, so that a state may differ: bool, shape (steps + 1, n_people)."""
        runs = (self.with_, self.without)
        reached = np.zeros_like(self.acts_differ)
        reached[0] = self.acts_differ[0] | self.feelings_differ[0]
        known: dict = {}
        for row in range(1, len(reached)):
            step = self.with_.first_step + row
            reached[row] = under_other_numbers(runs, step - 1, known) | tied_otherwise(runs, step - 1, known)
            if any(step in run.course.breaks(step - 1, step) for run in runs):
                reached[row] |= set_otherwise(runs, step)
        return reached

    @cached_property
    def told(self) -> np.ndarray:
        """Who has been told something else of private views, so that a state may differ: as `reached`."""
        told = np.zeros_like(self.acts_differ)
        for row in range(1, len(told)):
            step = self.with_.first_step + row - 1
            if norm_made_known(self.with_, step) != norm_made_known(self.without, step):
                numbers = self.with_.course.table(step)[self.with_.course.classes]
                heeds = (numbers[:, PLACE["feedback"]] > 0) & (numbers[:, PLACE["heed"]] > 0)
                told[row] = heeds & ~self.with_.network.is_marginalized
        return told

    # --- tables ---------------------------------------------------------------------------------------------

    @cached_property
    def people(self):
        """DataFrame with one row per person who ever differs, in the order in which that begins.

        ``person`` (label), ``group``; ``first_step_feeling``, ``first_step_act``: first steps at which feelings and
        acts differ (missing if they never do). ``way``: how the first difference came about: ``intervention``
        (directly reached), ``made known`` (told something else of private views) or ``neighbours``. ``distance``: ties
        from the nearest person whose way is ``intervention``, over all ties that there ever were. ``via``: labels of
        the neighbours who could have carried it; see `ties`.
        """
        import pandas as pd

        network, first = self.with_.network, self._first_rows
        people = np.flatnonzero(first >= 0)
        people = people[np.argsort(first[people], kind="stable")]
        steps = self.with_.first_step
        via = self._carriers()
        return pd.DataFrame(
            {
                "person": [network.labels[i] for i in people],
                "group": [network.group_names[int(network.is_marginalized[i])] for i in people],
                "first_step_feeling": _whole(_first_true(self.feelings_differ)[people], steps),
                "first_step_act": _whole(_first_true(self.acts_differ)[people], steps),
                "way": [self._ways[i] for i in people],
                "distance": _whole(self._distances[people]),
                "via": [tuple(network.labels[j] for j in via.get(i, ())) for i in people.tolist()],
            }
        )

    @cached_property
    def ties(self):
        """DataFrame with one row per tie along which a difference can have travelled: source, target, step.

        What the source showed differed at `step`, and the target was first different at `step` + 1.
        """
        import pandas as pd

        source, target, rows = self._travelled
        labels = self.with_.network.labels
        named = {"source": [labels[i] for i in source], "target": [labels[i] for i in target]}
        return pd.DataFrame(named | {"step": rows + self.with_.first_step})

    @cached_property
    def over_time(self):
        """DataFrame with one row per step and group: how many people differ in ``acts``, in ``feelings``, in either."""
        import pandas as pd

        network, either = self.with_.network, self.acts_differ | self.feelings_differ
        steps = np.arange(len(either)) + self.with_.first_step
        tables = [
            pd.DataFrame(
                {
                    "step": steps,
                    "group": network.group_names[int(is_marginalized)],
                    "acts": self.acts_differ[:, network.is_marginalized == is_marginalized].sum(axis=1),
                    "feelings": self.feelings_differ[:, network.is_marginalized == is_marginalized].sum(axis=1),
                    "either": either[:, network.is_marginalized == is_marginalized].sum(axis=1),
                }
            )
            for is_marginalized in (False, True)
        ]
        return pd.concat(tables).sort_values("step", kind="stable", ignore_index=True)

    def summary(self) -> str:
        """Return what differs in a few plain sentences."""
        first, either = self._first_rows, self.acts_differ | self.feelings_differ
        n_people, last = self.with_.network.n_people, self.with_.first_step + self.with_.steps
        n_reached, n_changed = int(self.reached.any(axis=0).sum()), int((first >= 0).sum())
        verb = "was" if n_reached == 1 else "were"
        reached = f"{n_reached} of {counted(n_people, 'person', 'people')} {verb} directly reached."
        if not n_changed:
            return f"Nobody differs at any step up to {last}. {reached}"
        n_acting = int(self.acts_differ.any(axis=0).sum())
        ways = [self._ways[i] for i in np.flatnonzero(first >= 0)]
        begun = self.with_.first_step + int(first[first >= 0].min())
        sentences = [
            reached,
            f"The first difference is at step {begun}. Up to step {last}, {n_changed} of {n_people} ever "
            f"{'differs' if n_changed == 1 else 'differ'}: "
            f"{ways.count(DIRECT)} first where an intervention acted on them, {ways.count(NEIGHBOURS)} through "
            f"neighbours{f', {ways.count(TOLD)} through what was made known' if TOLD in ways else ''}.",
            f"Of these, {counted(n_acting, 'person acts', 'people act')} differently at some step; all others only "
            "feel otherwise.",
            self._told_reach(),
            f"At step {last} it is {int(either[-1].sum())} of {n_people}, "
            f"{int(self.acts_differ[-1].sum())} of them by what they do: {self._told_groups(self.acts_differ[-1])}.",
        ]
        return " ".join(sentence for sentence in sentences if sentence)

    def _told_reach(self) -> str:
        distances = self._distances[(self._first_rows >= 0) & (self._distances > 0)]
        if not len(distances):
            return ""
        n_ties, far = len(self._travelled[0]), int(distances.max())
        along = counted(n_ties, "tie")
        return f"It can have travelled along {along}, up to {far} away from where an intervention acted."

    def _told_groups(self, differ: np.ndarray) -> str:
        network = self.with_.network
        groups = zip((~network.is_marginalized, network.is_marginalized), network.group_names, strict=True)
        return ", ".join(f"{int(differ[who].sum())} of {int(who.sum())} {name}" for who, name in groups)

    def __repr__(self) -> str:
        return f"<Trace: {self.summary()}>"

    # --- parts ----------------------------------------------------------------------------------------------

    @cached_property
    def _first_rows(self) -> np.ndarray:
        """The row at which each person is first different; -1 for never."""
        return _first_true(self.acts_differ | self.feelings_differ)

    @cached_property
    def _ways(self) -> np.ndarray:
        """How each person's first difference came about; None for who never differs."""
        first, everybody = self._first_rows, np.arange(self.with_.network.n_people)
        by_way = np.where(self.told[first, everybody], TOLD, NEIGHBOURS).astype(object)
        by_way[self.reached[first, everybody]] = DIRECT
        by_way[first < 0] = None
        return by_way

    @cached_property
    def _travelled(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Sources, targets and rows of `ties`: by row, then target, then source."""
        found, first = [], self._first_rows
        for row in np.unique(first[first > 0]) - 1:
            target, source = ends_at((self.with_, self.without), self.with_.first_step + int(row))
            is_new = first[target] == row + 1
            target, source = target[is_new], source[is_new]
            carries = self._carries(int(row), source, target)
            target, source = target[carries], source[carries]
            order = np.lexsort((source, target))
            found.append((source[order], target[order], np.full(len(order), row)))
        if not found:
            return (np.empty(0, np.int64),) * 3
        return tuple(np.concatenate(part) for part in zip(*found, strict=True))

    def _carries(self, row: int, source: np.ndarray, target: np.ndarray) -> np.ndarray:
        """Tell along which ties something else was seen in the step that begins at a row."""
        before = self.signals_differ[row][source]
        if self.with_.schedule == "synchronous":
            return before
        n_people, step = self.with_.network.n_people, self.with_.first_step + row
        rank = np.empty(n_people, np.int64)
        rank[streams.permutation(self.with_.seed, streams.ORDER, n_people, step=step)] = np.arange(n_people)
        return np.where(rank[source] < rank[target], self.signals_differ[row + 1][source], before)

    def _carriers(self) -> dict[int, list[int]]:
        carriers: dict[int, list[int]] = {}
        source, target, _ = self._travelled
        for i, j in zip(target.tolist(), source.tolist(), strict=True):
            carriers.setdefault(i, []).append(j)
        return carriers

    @cached_property
    def _distances(self) -> np.ndarray:
        """Ties from the nearest person whose way is direct; -1 where there is no path."""
        runs, first = (self.with_, self.without), self.with_.first_step
        target, source = ends_at(runs, *range(first, first + self.with_.steps + 1))
        distances = np.where(self._ways == DIRECT, 0, -1)
        for distance in range(1, len(distances)):
            nearby = np.unique(target[distances[source] == distance - 1])
            nearby = nearby[distances[nearby] < 0]
            if not len(nearby):
                break
            distances[nearby] = distance
        return distances


# === small parts ========================================================================================


def _first_true(is_true: np.ndarray) -> np.ndarray:
    """Return the first row at which each column is true; -1 for never."""
    return np.where(is_true.any(axis=0), is_true.argmax(axis=0), -1)


def _whole(values: np.ndarray, first: int = 0):
    """Return whole numbers counted from `first`; missing where they are below 0."""
    import pandas as pd

    return pd.array([value + first if value >= 0 else pd.NA for value in values.tolist()], dtype="Int64")
