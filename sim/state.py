"""Everything that is true of the people at one step, and how a run starts."""

from __future__ import annotations

import dataclasses
import numbers
from collections.abc import Mapping, Set

import numpy as np

from sim import rules, streams
from sim.checks import InputError, check_count, check_number, is_flag, nearest, shown
from sim.compiled import compiled
from sim.parameters import Parameters, numbers_of
from sim.rules import Response, Stance

LAST_STEP = 2**31
STARTS = {"silent": Stance.BYSTAND, "allied": Stance.ALLY, "opposed": Stance.OPPOSE}


@dataclasses.dataclass(frozen=True, eq=False)
class State:
    """The people at one step, one entry per person in network order.

    Attributes
    ----------
    step : int
    act : uint8 array
        `Stance` of advantaged, `Response` of marginalized people.
    betrayed : uint8 array
        1 for who has just stopped being an ally.
    sympathy, loyalty, stigma : float array
        Of advantaged people; 0 for marginalized ones.
    trust : float array
        Of marginalized people; 0 for advantaged ones.
    """

    step: int
    act: np.ndarray
    betrayed: np.ndarray
    sympathy: np.ndarray
    loyalty: np.ndarray
    stigma: np.ndarray
    trust: np.ndarray

    def __eq__(self, other) -> bool:
        if not isinstance(other, State):
            return NotImplemented
        return self.step == other.step and all(
            getattr(self, name).tobytes() == getattr(other, name).tobytes() for name in FIELDS
        )

    __hash__ = None

    def table(self, network):
        """Return a DataFrame with one row per person; what does not apply to a person's group is missing."""
        import pandas as pd

        marginalized = network.is_marginalized
        stances = np.array([stance.name for stance in Stance], object)
        responses = np.array([response.name for response in Response], object)
        names = np.array(network.group_names, object)
        return pd.DataFrame(
            {
                "person": np.asarray(network.labels) if isinstance(network.labels, range) else list(network.labels),
                "group": names[marginalized.astype(int)],
                "is_marginalized": marginalized,
                "stance": np.where(marginalized, None, stances[self.act]),
                "response": np.where(marginalized, responses[np.minimum(self.act, 2)], None),
                "sympathy": np.where(marginalized, np.nan, self.sympathy),
                "loyalty": np.where(marginalized, np.nan, self.loyalty),
                "stigma": np.where(marginalized, np.nan, self.stigma),
                "trust": np.where(marginalized, self.trust, np.nan),
                "betrayed": self.betrayed.astype(bool),
                "ties": network.degree,
            }
        )


@dataclasses.dataclass(frozen=True)
class Variable:
    """What there is to know about one state variable of a person.

    Attributes
    ----------
    name, symbol, meaning : str
    group : str
        Who has it: "advantaged", "marginalized" or "both"; for everybody else it is 0.
    low, high : int or float
        Where it lies.
    changes : str
        When it changes.
    """

    name: str
    symbol: str
    group: str
    meaning: str
    low: float
    high: float
    changes: str


VARIABLES = (
    Variable("act", "", "both", "what the person shows: a stance (advantaged) or a response (marginalized)",
             0, max(Stance), "when the person reconsiders"),
    Variable("betrayed", "b", "advantaged", "1 for who has just stopped being an ally", 0, 1, "at every decision"),
    Variable("sympathy", "x", "advantaged", "private attitude towards the marginalized group", -1, 1, "at every step"),
    Variable("loyalty", "λ", "advantaged", "loyalty to the own group", 0, 1, "never"),
    Variable("stigma", "S", "advantaged", "felt stigma: how much the stigma of the marginalized group has rubbed off",
             0, 1, "at every step"),
    Variable("trust", "t", "marginalized", "trust in allies", 0, 1, "at every step"),
)  # fmt: skip
FIELDS = tuple(variable.name for variable in VARIABLES)


def frozen(state: State) -> State:
    """Return `state` with its arrays made read-only: what a run came to is not to be edited by accident."""
    for name in FIELDS:
        getattr(state, name).setflags(write=False)
    return state


def first_state(parameters: Parameters, network, start="silent", *, start_seed: int = 0) -> State:
    """Return the state at step 0: people drawn from the start seed, stances from `start`.

    Parameters
    ----------
    parameters : Parameters
    network : Network
    start : str, float, sequence or mapping
        ``"silent"``, ``"allied"`` or ``"opposed"``: everybody in the advantaged group shows that stance. A number in
        [0, 1]: that share of the advantaged group (rounded to whole people) are allies, the others silent; who they
        are depends on the start seed only, and a larger share contains a smaller one. A sequence with one entry per
        person, or a mapping from person to entry (others are silent): names such as ``"ally"`` or ``"welcome"``;
        ``None`` leaves a person to the rules below.
    start_seed : int
        Seed of the people: sympathy, loyalty, trust, first responses, and who the first allies are.

    Notes
    -----
    Felt stigma starts at 0. Marginalized people respond as they would before anybody has acted.
    """
    n = network.n_people
    arrays = [np.zeros(n, np.uint8), np.zeros(n, np.uint8), *(np.zeros(n) for _ in range(4))]
    state = State(0, *arrays)
    k0, k1 = streams.key(streams.check_seed(start_seed, name="start_seed"))
    p = numbers_of(parameters)
    crosses = crossing(parameters, network, start_seed)
    _draw_people(crosses, network.is_marginalized, p, k0, k1, state.act, state.sympathy, state.loyalty, state.trust)
    _set_stances(state.act, network, start, start_seed)
    return state


def crossing(p: Parameters, network, start_seed: int) -> np.ndarray:
    """Return who is advantaged, and marginalized on a second dimension: a bool for each person.

    A share (rounded to whole people) of the advantaged group; who they are depends on the start seed only, and a larger
    share contains a smaller one.
    """
    crosses = np.zeros(network.n_people, bool)
    people = np.flatnonzero(~network.is_marginalized)
    count = round(p.crossing_share * len(people))
    if count:
        draws = streams.uniforms(start_seed, streams.CROSSING, network.n_people)[people]
        crosses[people[np.argsort(draws, kind="stable")[:count]]] = True
    return crosses


def state_to_start_from(start, parameters: Parameters, network, start_seed: int) -> State:
    """Return `start` itself if it is a `State` of this many people, else the `first_state` it describes."""
    if not isinstance(start, State):
        return first_state(parameters, network, start, start_seed=start_seed)
    _check_state(start, network)
    return start


def _check_state(state: State, network) -> None:
    """Refuse a state that these people cannot be in: compiled code would read past the end of an array."""
    n = network.n_people
    check_count("start.step", state.step, 0, LAST_STEP)
    for name in FIELDS:
        array, kind = getattr(state, name), np.dtype(np.uint8 if name in ("act", "betrayed") else float)
        is_array = isinstance(array, np.ndarray)
        if not is_array or array.dtype != kind or array.shape != (n,):
            given = f"{array.dtype} of shape {array.shape}" if is_array else shown(array)
            raise InputError(f"start.{name} must be a {kind} array of shape ({n},), one entry per person, not {given}")
    wrong = np.flatnonzero(state.act > np.where(network.is_marginalized, Response.WELCOME, Stance.ALLY))
    if wrong.size:
        raise _wrong_entry(network, wrong[0], int(state.act[wrong[0]]), what="start.act")
    for variable in VARIABLES:
        name, low, high = variable.name, variable.low, variable.high
        array = getattr(state, name)
        wrong = np.flatnonzero(~((array >= low) & (array <= high)))  # ~ for the sake of NaN
        if wrong.size:
            check_number(f"start.{name} of person {network.labels[wrong[0]]!r}", array[wrong[0]].item(), low, high)


@compiled
def _draw_people(crosses, is_marginalized, p, k0, k1, act, sympathy, loyalty, trust):
    for i in range(is_marginalized.size):
        if is_marginalized[i]:
            draw = streams.uniform(i, 0, streams.TRUST, k0, k1)
            trust[i] = rules.drawn_trait(p.trust, p.trust_spread, draw, 0.0, 1.0)
            act[i] = rules.first_response(p, trust[i], streams.uniform(i, 0, streams.FIRST_RESPONSE, k0, k1))
        else:
            draw = streams.uniform(i, 0, streams.SYMPATHY, k0, k1)
            sympathy[i] = rules.drawn_trait(p.sympathy, p.sympathy_spread, draw, -1.0, 1.0)
            draw = streams.uniform(i, 0, streams.LOYALTY, k0, k1)
            drawn = rules.drawn_trait(p.loyalty, p.loyalty_spread, draw, 0.0, 1.0)
            loyalty[i] = rules.loosened_loyalty(p, drawn, crosses[i])


def _set_stances(act: np.ndarray, network, start, start_seed: int) -> None:
    advantaged = ~network.is_marginalized
    if isinstance(start, str):
        if start not in STARTS:
            raise InputError(f"start = {shown(start)} is not known{nearest(start, STARTS)}; {_ALLOWED}")
        act[advantaged] = STARTS[start]
    elif isinstance(start, numbers.Real) and not is_flag(start):
        share = check_number("start", start, 0, 1)
        people = np.flatnonzero(advantaged)
        order = people[np.argsort(streams.uniforms(start_seed, streams.FIRST_STANCE, len(act))[people], kind="stable")]
        act[advantaged] = Stance.BYSTAND
        act[order[: round(share * len(people))]] = Stance.ALLY
    elif isinstance(start, Mapping):
        act[advantaged] = Stance.BYSTAND
        for label, entry in start.items():
            try:
                i = network.index_of(label)
            except InputError as problem:
                raise InputError(f"start names nobody here: {problem}") from None
            _set_one(act, network, i, entry)
    else:
        _set_each(act, network, start)


def _set_each(act: np.ndarray, network, start) -> None:
    try:
        entries = None if is_flag(start) or isinstance(start, Set) else list(start)
    except TypeError:
        entries = None
    if entries is None:
        raise InputError(f"start must be {_ALLOWED[9:]}, not {shown(start)}")
    if len(entries) != network.n_people:
        raise InputError(f"start has {len(entries)} entries; it must have one for each of {network.n_people} people")
    act[~network.is_marginalized] = Stance.BYSTAND
    for i, entry in enumerate(entries):
        _set_one(act, network, i, entry)


def _set_one(act: np.ndarray, network, i: int, entry) -> None:
    if entry is None:
        return
    kinds = Response if network.is_marginalized[i] else Stance
    is_of_other_kind = isinstance(entry, Stance | Response) and not isinstance(entry, kinds)
    if isinstance(entry, str) and entry.upper() in kinds.__members__:
        act[i] = kinds[entry.upper()]
    elif isinstance(entry, numbers.Integral) and not (is_flag(entry) or is_of_other_kind) and entry in list(kinds):
        act[i] = int(entry)
    else:
        raise _wrong_entry(network, i, entry, what="start entry")


def _wrong_entry(network, i: int, entry, *, what: str) -> InputError:
    names = [kind.name.lower() for kind in (Response if network.is_marginalized[i] else Stance)]
    group = network.group_names[int(network.is_marginalized[i])]
    return InputError(
        f"{what} {shown(entry)} of person {network.labels[i]!r} ({group}) is not known{nearest(entry, names)}; "
        f"allowed: {', '.join(names)} or None"
    )


_ALLOWED = (
    "allowed: silent, allied, opposed, a number from 0 to 1, one entry per person, or a mapping of people to stances"
)
