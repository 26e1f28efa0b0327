"""Why a person did what they did: what was seen, what it meant, what each thing weighed, and how luck decided.

Everything is worked out anew from the recorded people by the rules themselves; nothing is written down during a run.
"""

from __future__ import annotations

import dataclasses
from functools import cached_property
from typing import NamedTuple

from sim import rules, streams
from sim.checks import InputError, check_count, shown
from sim.effects.telling import told as told_in_words
from sim.interventions.intervention import CHANGEABLE
from sim.parameters import KNOBS, Numbers, numbers_of
from sim.rules import AdvantagedView, MarginalizedView, Response, Seen, Stance

_SOURCES = {knob.name: knob.source for knob in KNOBS}


class Term(NamedTuple):
    """One part of the utility of an option."""

    option: str
    term: str
    value: float
    knob: str


class Change(NamedTuple):
    """A knob that is not at its value of the run for this person at this step, and the interventions that did it."""

    knob: str
    before: float
    now: float
    by: tuple[str, ...]


@dataclasses.dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Explanation:
    """Why a person chose what they chose in the step from `step` to `step` + 1; made by `explain`.

    Attributes
    ----------
    person : label
    group : str
        Name of the person's group.
    step : int
    before : dict
        The person's state at `step`: ``act`` by name, and what the person feels.
    outcome : str
        The stance or response at `step` + 1.
    seen : Seen
        Totals of what neighbours showed.
    told : float
        The norm that was made known (only with `feedback`; else 0).
    view : AdvantagedView or MarginalizedView
        What was seen, as it counts for this person.
    numbers : Numbers
        The knobs that the person was under.
    revise_draw : float
        The person reconsiders if it is below the knob `revise`.
    draw : float
        The luck that decides between the options.
    reconsidered : bool
    chosen : str or None
        What the person chose by weighing; None without reconsidering. A script overrules it.
    utilities, probabilities : dict of str to float
        Of all options, for somebody who reconsiders and is under no script. What is not allowed has probability 0.
    terms : tuple of Term
        They add up to the utilities.
    scripted_by : tuple of str
        The interventions that forced the outcome.
    changes : tuple of Change
        The knobs that interventions changed for this person.
    crosses : bool
        Whether the person is advantaged, and marginalized on a second dimension.
    """

    person: object
    group: str
    step: int
    before: dict
    outcome: str
    seen: Seen
    told: float
    view: AdvantagedView | MarginalizedView
    numbers: Numbers
    revise_draw: float
    draw: float
    reconsidered: bool
    chosen: str | None
    utilities: dict[str, float]
    probabilities: dict[str, float]
    terms: tuple[Term, ...]
    scripted_by: tuple[str, ...]
    changes: tuple[Change, ...]
    crosses: bool

    @cached_property
    def table(self):
        """DataFrame with one row per term: option, term, value, knob, source (of the knob)."""
        import pandas as pd

        rows = [(*term, _SOURCES.get(term.knob, "by definition")) for term in self.terms]
        return pd.DataFrame(rows, columns=[*Term._fields, "source"])

    def __str__(self) -> str:
        return told_in_words(self)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        from sim.plots.things import explanation_card

        return explanation_card(self)


def explain(run, person, step: int) -> Explanation:
    """Explain why a person did what they did in the step from `step` to `step` + 1.

    Parameters
    ----------
    run : Run
        Of ``simulate(..., record_people=True)``.
    person : label
        As the network calls the person.
    step : int
        From the first step of the run to the one before its last.

    Returns
    -------
    Explanation

    Raises
    ------
    InputError
        If nobody was recorded, for an unknown person or step; under the shuffled schedule also where a neighbour who
        acted earlier in the same step was set to something at its end, as what was shown in between is not recorded.

    Notes
    -----
    A token act meets norm, stigma and punishment at `token_visibility` times their strength, and its terms are after
    that. What punishment costs is told apart by who exerts it: opposers (``punishment``), and the loyal by their
    silence (``complicity``); ``shield`` is what others who stand alongside take away. Terms of what is made known come
    only with `feedback`.

    Examples
    --------
    >>> import sim
    >>> network = sim.networks.two_groups(n_people=100, mean_degree=8, seed=1)
    >>> run = sim.simulate(network=network, steps=20, seed=7, record_people=True)
    >>> explained = explain(run, 3, 10)
    >>> explained.outcome == sim.Stance(run.trajectory["act"][11, 3]).name
    True
    >>> round(sum(explained.probabilities.values()), 12)
    1.0
    """
    step = _checked_step(run, step)
    i = run.network.index_of(person)
    p = run.course.numbers(step)[run.course.classes[i]]
    key = streams.key(run.seed)
    state, seen, told = _person_at(run, i, step), _seen(run, i, step), _told(run, step)
    weighed = _weighed_response if run.network.is_marginalized[i] else _weighed_stance
    revise_draw = streams.coarse_uniform(i, step, streams.REVISE, *key)
    draw = streams.uniform(i, step, streams.CHOICE, *key)
    chosen, about = weighed(p, state, seen, told, draw)
    options = type(chosen)
    reconsidered = revise_draw < p.revise
    return Explanation(
        person=run.network.labels[i],
        group=run.network.group_names[int(run.network.is_marginalized[i])],
        step=step,
        before={"act": options(state["act"]).name} | {name: state[name] for name in _feelings(options)},
        outcome=options(rules.scripted(p, chosen) if reconsidered else state["act"]).name,
        seen=seen,
        told=told,
        numbers=p,
        revise_draw=revise_draw,
        draw=draw,
        reconsidered=reconsidered,
        chosen=chosen.name if reconsidered else None,
        scripted_by=tuple(one.kind for one in _reaching(run, i) if one.force and one.is_on(step + 1)),
        changes=_changes(run, i, p, step),
        crosses=bool(run.course.crosses[i]),
        **about,
    )


def _checked_step(run, step) -> int:
    if not hasattr(run, "trajectory") or not hasattr(run, "course"):
        raise InputError(f"run must be a Run, not {shown(run)}")
    if run.trajectory is None:
        raise InputError("explain needs every person at every step: run simulate(..., record_people=True)")
    if run.steps == 0:
        raise InputError("the run has no steps, so there is no choice to explain")
    return check_count("step", step, run.first_step, run.first_step + run.steps - 1)


# === the person and the neighbours ======================================================================


def _person_at(run, i: int, step: int) -> dict:
    """Return everything that is true of a person at a step, as plain numbers."""
    row = step - run.first_step
    return {name: values[row, i].item() for name, values in run.trajectory.items()}


def _feelings(options) -> tuple[str, ...]:
    return ("sympathy", "loyalty", "stigma") if options is Stance else ("trust",)


def _shown(run, i: int, step: int) -> rules.Shown:
    state = _person_at(run, i, step)
    if run.network.is_marginalized[i]:
        return rules.shown_by_marginalized(state["act"], state["trust"])
    return rules.shown_by_advantaged(state["act"], state["betrayed"], state["stigma"], state["loyalty"])


def _seen(run, i: int, step: int) -> Seen:
    """Return what a person sees when deciding: totals over the neighbours."""
    neighbours = run.course.network_at(step).neighbours_of(i).tolist()
    shown_now = [_shown(run, j, step + _acts_before(run, j, i, step)) for j in neighbours]
    totals = [sum(column) for column in zip(*shown_now, strict=True)] or [0] * len(rules.Shown._fields)
    n_marginalized = sum(bool(run.network.is_marginalized[j]) for j in neighbours)
    return Seen(*totals, len(neighbours) - n_marginalized, n_marginalized)


def _acts_before(run, j: int, i: int, step: int) -> bool:
    """Tell whether one person has acted at this step when another one looks around; never if all act at once."""
    if run.schedule == "synchronous":
        return False
    key = streams.key(run.seed)
    j_draw, i_draw = (streams.uniform(person, step, streams.ORDER, *key) for person in (j, i))
    if (j_draw, j) > (i_draw, i):
        return False
    for one in _reaching(run, j):
        if one.set and one.begin == step + 1:
            raise InputError(
                f"step {step} cannot be explained for person {run.network.labels[i]!r}: under the shuffled schedule it "
                f"was seen what neighbour {run.network.labels[j]!r} had just done, before {one.kind} set what is "
                "recorded; only the synchronous schedule can be explained there"
            )
    return True


def _told(run, step: int) -> float:
    """Return the norm that is made known at a step, as if all showed what they privately think."""
    advantaged = ~run.network.is_marginalized
    if not run.network.n_advantaged or not any(p.feedback > 0 for p in run.course.numbers(step)):
        return 0.0
    sympathy = run.trajectory["sympathy"][step - run.first_step][advantaged]
    return 2.0 * (int((sympathy > 0).sum()) / run.network.n_advantaged) - 1.0


# === what interventions did =============================================================================


def _reaching(run, i: int) -> list:
    """Return the interventions that reach a person and have any strength."""
    pairs = zip(run.course.interventions, run.course.picked, strict=True)
    return [one for one, people in pairs if one.strength > 0 and (people == i).any()]


def _changes(run, i: int, p: Numbers, step: int) -> tuple[Change, ...]:
    base, reaching = numbers_of(run.course.parameters), _reaching(run, i)
    changes = []
    for knob in CHANGEABLE:
        by = [one.kind for one in reaching if one.strength_at(step) > 0 and (knob in one.scale or knob in one.shift)]
        if knob == "revise":  # whoever acts by a script reconsiders at every step
            by += [one.kind for one in reaching if one.force and one.is_on(step + 1) and one.kind not in by]
        if by:
            changes.append(Change(knob, getattr(base, knob), getattr(p, knob), tuple(by)))
    return tuple(changes)


# === weighing ===========================================================================================


def _weighed_stance(p, state: dict, seen: Seen, told: float, draw: float) -> tuple[Stance, dict]:
    view = rules.advantaged_view(p, seen, told)
    traits = (state["sympathy"], state["loyalty"], state["stigma"])
    oppose, token, ally = rules.stance_utilities(p, *traits, view)
    chosen = Stance(rules.choose_stance(p, oppose, token, ally, draw))
    weights = rules.stance_weights(p, oppose, token, ally)
    utilities = dict(zip(Stance.__members__, (oppose, 0.0, token, ally), strict=True))
    return chosen, {
        "view": view,
        "utilities": utilities,
        "probabilities": _probabilities(p, Stance, weights, chosen),
        "terms": tuple(stance_terms(p, *traits, seen, view, told)),
    }


def _weighed_response(p, state: dict, seen: Seen, told: float, draw: float) -> tuple[Response, dict]:
    view = rules.marginalized_view(p, seen)
    utilities = rules.response_utilities(p, state["trust"], view)
    chosen = Response(rules.choose_response(p, *utilities, draw))
    return chosen, {
        "view": view,
        "utilities": dict(zip(Response.__members__, utilities, strict=True)),
        "probabilities": _probabilities(p, Response, rules.response_weights(p, *utilities), chosen),
        "terms": tuple(response_terms(p, state["trust"], view)),
    }


def _probabilities(p, options, weights, chosen) -> dict[str, float]:
    if p.noise == 0:  # the best option for certain; of equals the first, which is the chosen one
        return {option.name: float(option == chosen) for option in options}
    total = sum(weights)
    return {option.name: weight / total for option, weight in zip(options, weights, strict=True)}


def stance_terms(p, sympathy: float, loyalty: float, stigma: float, seen: Seen, view: AdvantagedView, told: float = 0):
    """Return the terms that add up to `rules.stance_utilities`: a list of `Term`.

    Parameters
    ----------
    p : Numbers
    sympathy, loyalty, stigma : float
    seen : Seen
    view : AdvantagedView
        Of what was seen.
    told : float
        The norm that was made known.
    """
    norm = _norm_terms(p, loyalty, view, told)
    costs = [("stigma", -p.stigma_cost * stigma, "stigma_cost"), *_punishment_terms(p, seen, view)]
    oppose = [
        ("conviction", -p.conviction * sympathy, "conviction"),
        *((name, -value, knob) for name, value, knob in norm),
        ("threat", p.threat * loyalty * view.support, "threat"),
        ("distancing", p.distancing * loyalty * stigma, "distancing"),
        ("accountability", -p.accountability * view.support, "accountability"),
        ("effort", -p.effort, "effort"),
    ]
    token = [
        ("image", p.image * view.support, "image"),
        *((name, p.token_visibility * value, knob) for name, value, knob in [*norm, *costs]),
        ("effort", -p.token_effort, "token_effort"),
    ]
    ally = [
        ("conviction", p.conviction * sympathy, "conviction"),
        *norm,
        ("acceptance", p.acceptance * view.welcome, "acceptance"),
        *costs,
        ("effort", -p.effort, "effort"),
    ]
    named = {"OPPOSE": oppose, "BYSTAND": [("silence", 0.0, "")], "TOKEN": token, "ALLY": ally}
    return [Term(option, *term) for option, terms in named.items() for term in terms]


def _norm_terms(p, loyalty: float, view: AdvantagedView, told: float) -> list[tuple]:
    seen = rules.visible_norm(view.support, view.opposition)
    terms = [("norm", loyalty * p.conformity * seen, "conformity")]
    if p.feedback > 0:
        corrected = p.feedback * p.heed * (told - seen)
        terms.append(("norm made known", loyalty * p.conformity * corrected, "feedback"))
    return terms


def _punishment_terms(p, seen: Seen, view: AdvantagedView) -> list[tuple]:
    silent = p.complicity * rules.average_level(seen.silent_loyalty, rules.per_tie(seen.n_advantaged))
    return [
        ("punishment", -p.sanction * view.opposition, "sanction"),
        ("complicity", -p.sanction * silent, "complicity"),
        ("shield", p.sanction * view.pressure * p.shield * view.support, "shield"),
    ]


def response_terms(p, trust: float, view: MarginalizedView) -> list[Term]:
    """Return the terms that add up to `rules.response_utilities`.

    Parameters
    ----------
    p : Numbers
    trust : float
    view : MarginalizedView
    """
    trusting, together = p.trust_weight * (2.0 * trust - 1.0), p.solidarity * view.peers
    return [
        Term("GATEKEEP", "trust", -trusting, "trust_weight"),
        Term("GATEKEEP", "solidarity", -together, "solidarity"),
        Term("GATEKEEP", "authenticity threat", p.authenticity_threat * view.support, "authenticity_threat"),
        Term("GATEKEEP", "effort", -p.gatekeep_effort, "gatekeep_effort"),
        Term("WITHDRAW", "hostility", p.hostility * view.opposition, "hostility"),
        Term("WITHDRAW", "safety", -p.safety, "safety"),
        Term("WELCOME", "trust", trusting, "trust_weight"),
        Term("WELCOME", "solidarity", together, "solidarity"),
    ]
