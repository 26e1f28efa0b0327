"""Every rule gives the same bits as plain Python and as compiled code, on the types the engine gives it."""

import numba
import numpy as np

from sim import rules
from sim.parameters import KNOBS, numbers_of, presets
from sim.rules import AdvantagedView, MarginalizedView, Seen

N_PARAMETERS, N_EACH = 60, 60


def advantaged_life(p, seen, stance, betrayed, sympathy, loyalty, stigma, draw):
    """Everything the rules say about one advantaged person, as flat groups of numbers."""
    view = rules.advantaged_view(p, seen, 0.25)
    oppose, token, ally = rules.stance_utilities(p, sympathy, loyalty, stigma, view)
    chosen = rules.choose_stance(p, oppose, token, ally, draw)
    next_stigma = rules.next_stigma(p, stigma, chosen, view)
    return (
        rules.shown_by_advantaged(stance, betrayed, stigma, loyalty),
        view,
        (oppose, token, ally),
        rules.stance_weights(p, oppose, token, ally),
        (chosen, rules.is_betrayal(stance, chosen), rules.visibility(p, chosen)),
        (next_stigma, rules.next_sympathy(p, sympathy, chosen, view), rules.perceived_support(p, view.norm, 0.25)),
        (rules.drawn_trait(sympathy, p.sympathy_spread, draw, -1.0, 1.0), rules.shown_level(next_stigma)),
    )


def marginalized_life(p, seen, response, trust, draw):
    """Everything the rules say about one marginalized person, as flat groups of numbers."""
    view = rules.marginalized_view(p, seen)
    gatekeep, withdraw, welcome = rules.response_utilities(p, trust, view)
    return (
        rules.shown_by_marginalized(response, trust),
        view,
        (gatekeep, withdraw, welcome),
        rules.response_weights(p, gatekeep, withdraw, welcome),
        (rules.choose_response(p, gatekeep, withdraw, welcome, draw), rules.first_response(p, trust, draw)),
        (rules.next_trust(p, trust, view), rules.drawn_trait(trust, p.trust_spread, draw, 0.0, 1.0)),
    )


compiled_advantaged_life = numba.njit(advantaged_life)
compiled_marginalized_life = numba.njit(marginalized_life)


def random_parameters(rng):
    """Any parameters that are allowed: anywhere in the range, and often at zero or at an edge."""
    values = {}
    for knob in KNOBS:
        if knob.is_switch:
            values[knob.name] = float(rng.random() < 0.8)
        else:
            place = rng.random() if rng.random() < 0.8 else float(rng.integers(2))
            values[knob.name] = float(knob.usual_low + place * (knob.usual_high - knob.usual_low))
    values["bystand_allowed"] = 1.0
    return numbers_of(presets()["default"].parameters)._replace(**values)


def random_seen(rng):
    """What someone with up to thirty neighbours may see, in the engine's types."""
    stances, responses = rng.integers(4, size=rng.integers(20)), rng.integers(3, size=rng.integers(10))
    shown = [rules.shown_by_advantaged(int(s), rng.random() < 0.2, rng.random(), rng.random()) for s in stances]
    shown += [rules.shown_by_marginalized(int(r), rng.random()) for r in responses]
    totals = np.array([*shown, (0,) * 9]).sum(axis=0)
    return Seen(*totals.astype(np.int32), np.int32(len(stances)), np.int32(len(responses)))


def plain(seen):
    return Seen(*(int(value) for value in seen))


def draws(rng):
    return rng.choice([rng.random(), 0.0, 1 - 2**-53], p=[0.9, 0.05, 0.05])


def feeling(rng):
    return float(rng.choice([rng.random(), 0.0, 1.0], p=[0.9, 0.05, 0.05]))


def bits(groups):
    return [np.array(group, float).view(np.int64).tolist() for group in groups]


def test_lives_of_advantaged_people_have_the_same_bits_in_python_and_compiled():
    rng = np.random.default_rng(1)
    for _ in range(N_PARAMETERS):
        p = random_parameters(rng)
        for _ in range(N_EACH):
            seen, stance, betrayed = random_seen(rng), int(rng.integers(4)), int(rng.integers(2))
            traits = (2 * feeling(rng) - 1, feeling(rng), feeling(rng), float(draws(rng)))
            expected = advantaged_life(p, plain(seen), stance, betrayed, *traits)
            got = compiled_advantaged_life(p, seen, np.uint8(stance), np.uint8(betrayed), *traits)
            assert bits(got) == bits(expected)


def test_lives_of_marginalized_people_have_the_same_bits_in_python_and_compiled():
    rng = np.random.default_rng(2)
    for _ in range(N_PARAMETERS):
        p = random_parameters(rng)
        for _ in range(N_EACH):
            seen, response, trust, draw = random_seen(rng), int(rng.integers(3)), feeling(rng), float(draws(rng))
            expected = marginalized_life(p, plain(seen), response, trust, draw)
            got = compiled_marginalized_life(p, seen, np.uint8(response), trust, draw)
            assert bits(got) == bits(expected)


def test_feelings_and_averages_stay_in_their_ranges_under_any_parameters():
    rng = np.random.default_rng(3)
    for _ in range(1500):
        p, seen = random_parameters(rng), plain(random_seen(rng))
        stance, x, felt, t = int(rng.integers(4)), 2 * feeling(rng) - 1, feeling(rng), feeling(rng)
        outward, inward = rules.advantaged_view(p, seen), rules.marginalized_view(p, seen)
        assert isinstance(outward, AdvantagedView)
        assert isinstance(inward, MarginalizedView)
        assert 0.0 <= rules.next_stigma(p, felt, stance, outward) <= 1.0
        assert -1.0 <= rules.next_sympathy(p, x, stance, outward) <= 1.0
        assert 0.0 <= rules.next_trust(p, t, inward) <= 1.0
        assert -1.0 <= outward.norm <= 1.0
        assert 0.0 <= rules.perceived_support(p, outward.norm, 2 * feeling(rng) - 1) <= 1.0
        assert all(0.0 <= value <= 1.0 for value in (outward.support, outward.pressure, outward.contagious))
        assert all(0.0 <= value <= 1.0 for value in (inward.credible, inward.betrayals, inward.peer_trust))
        assert -1.0 <= outward.welcome <= 1.0


def test_a_shown_level_is_within_half_a_step_of_the_feeling():
    for value in np.linspace(0, 1, 1281).tolist():
        assert abs(rules.shown_level(value) / rules.GRID - value) <= 0.5 / rules.GRID
