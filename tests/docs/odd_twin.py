"""A second implementation of the model, written from docs/odd.md alone: plain Python, slow, nothing of `sim` in it.

Headings name the sections of the page. Parameters `p` are anything with the attributes of its table of parameters.
"""

from __future__ import annotations

import copy
import itertools
import math
from dataclasses import dataclass, field

OPPOSE, BYSTAND, TOKEN, ALLY = range(4)
GATEKEEP, WITHDRAW, WELCOME = range(3)
REVISE, CHOICE, ORDER, SYMPATHY, LOYALTY, TRUST, FIRST_STANCE, FIRST_RESPONSE = range(1, 9)
CROSSING = 37


# === Random numbers =====================================================================================


def philox(c0, c1, c2, c3, k0, k1):
    for _ in range(10):
        a, b = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (b >> 32) ^ c1 ^ k0, b % 2**32, (a >> 32) ^ c3 ^ k1, a % 2**32
        k0, k1 = (k0 + 0x9E3779B9) % 2**32, (k1 + 0xBB67AE85) % 2**32
    return c0, c1, c2, c3


def draw(seed, person, step, purpose):
    w0, w1, _, _ = philox(person, step, purpose, 0, seed % 2**32, seed // 2**32)
    return (w0 // 2**5 * 67108864 + w1 // 2**6) * 2.0**-53


def coarse_draw(seed, person, step, purpose):
    words = philox(person // 4, step, purpose, 1, seed % 2**32, seed // 2**32)
    return words[person % 4] * 2.0**-32


# === Exponential, logarithm and normal quantile =========================================================

TAYLOR = (
    2.08767569878681e-09, 2.505210838544172e-08, 2.755731922398589e-07, 2.7557319223985893e-06, 2.48015873015873e-05,
    0.0001984126984126984, 0.001388888888888889, 0.008333333333333333, 0.041666666666666664, 0.16666666666666666,
    0.5, 1.0, 1.0,
)  # fmt: skip
MIDDLE = (
    (2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
     13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608),
    (5226.495278852545925, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867,
     5394.1960214247511077, 687.1870074920579083, 42.313330701600911252, 1.0),
)  # fmt: skip
TAIL = (
    (7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258,
     3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734),
    (1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459,
     0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1.0),
)  # fmt: skip
FAR_TAIL = (
    (2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386, 0.026532189526576123093,
     0.29656057182850489123, 1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772),
    (2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4,
     0.0148753612908506148525, 0.13692988092273580531, 0.59983220655588793769, 1.0),
)  # fmt: skip


def polynomial(coefficients, r):
    value = coefficients[0]
    for c in coefficients[1:]:
        value = value * r + c
    return value


def exponential(z):
    z = z if z > -700 else -700.0
    n = math.floor(z * 1.4426950408889634 + 0.5)
    r = (z - n * 0.6931471803691238) - n * 1.9082149292705877e-10
    return polynomial(TAYLOR, r) * 2.0**n


def logarithm(z):
    n = 0
    while z < 0.7:
        z, n = z * 2, n + 1
    y = (z - 1) / (z + 1)
    q, total = y * y, 0.0
    for k in range(12, -1, -1):
        total = total * q + 1 / (2 * k + 1)
    return 2 * y * total - n * 0.6931471805599453


def normal_quantile(u):
    q = u - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        return q * polynomial(MIDDLE[0], r) / polynomial(MIDDLE[1], r)
    r = math.sqrt(-logarithm(u if q < 0 else 1 - u))
    (top, low), r = (TAIL, r - 1.6) if r <= 5 else (FAR_TAIL, r - 5)
    value = polynomial(top, r) / polynomial(low, r)
    return -value if q < 0 else value


# === 2. Entities, state variables, and scales ===========================================================


@dataclass
class Person:
    number: int
    is_marginalized: bool
    neighbours: list = field(default_factory=list)
    act: int = 0
    betrayed: int = 0
    sympathy: float = 0.0
    loyalty: float = 0.0
    stigma: float = 0.0
    trust: float = 0.0
    crosses: bool = False


# === 5. Initialization ==================================================================================


def clip(z, a, b):
    return min(max(z, a), b)


def trait(mean, spread, u, low, high):
    return clip(mean + spread * normal_quantile(u or 5.5e-17), low, high)


def lowest(people, count, seed, purpose):
    """Return the persons with the lowest draws; equal draws in the order of persons."""
    return sorted(people, key=lambda one: draw(seed, one.number, 0, purpose))[:count]


def first_people(p, is_marginalized, ties, start, start_seed):
    people = [Person(i, bool(m)) for i, m in enumerate(is_marginalized)]
    for one, other in ties:
        people[one].neighbours.append(people[other])
        people[other].neighbours.append(people[one])
    advantaged = [one for one in people if not one.is_marginalized]
    for one in lowest(advantaged, round(p.crossing_share * len(advantaged)), start_seed, CROSSING):
        one.crosses = True
    for one in people:
        def luck(purpose, number=one.number):
            return draw(start_seed, number, 0, purpose)

        if one.is_marginalized:
            one.trust = trait(p.trust, p.trust_spread, luck(TRUST), 0, 1)
            nothing = {"o": 0.0, "v": 0.0, "w": 0.0}
            one.act = choose(p, response_utilities(p, one.trust, nothing), luck(FIRST_RESPONSE))
        else:
            one.sympathy = trait(p.sympathy, p.sympathy_spread, luck(SYMPATHY), -1, 1)
            one.loyalty = trait(p.loyalty, p.loyalty_spread, luck(LOYALTY), 0, 1)
            one.loyalty *= 1 - p.crossing_release if one.crosses else 1.0
            one.act = {"allied": ALLY, "opposed": OPPOSE}.get(start, BYSTAND)
    if not isinstance(start, str):
        for one in lowest(advantaged, round(start * len(advantaged)), start_seed, FIRST_STANCE):
            one.act = ALLY
    return people


# === Emit ===============================================================================================


def level(z):
    return math.floor(64 * z + 0.5)


def shown_by(one):
    if one.is_marginalized:
        return {"response": one.act, "trust": level(one.trust)}
    return {
        "allies": int(one.act == ALLY), "tokens": int(one.act == TOKEN), "opposers": int(one.act == OPPOSE),
        "betrayals": one.betrayed, "silent_loyalty": level(one.loyalty) if one.act == BYSTAND else 0,
        "ally_stigma": level(one.stigma) if one.act == ALLY else 0,
        "token_stigma": level(one.stigma) if one.act == TOKEN else 0,
    }  # fmt: skip


# === Gather =============================================================================================


def iota(n):
    return 1 / n if n else 0.0


def view_of(p, one, shown, told):
    n_m = sum(other.is_marginalized for other in one.neighbours)
    n_a = len(one.neighbours) - n_m

    def total(what):
        return sum(shown[other.number].get(what, 0) for other in one.neighbours)

    def average_level(what, n):
        return total(what) * iota(n) * 0.015625

    allies, tok, o = (total(what) * iota(n_a) for what in ("allies", "tokens", "opposers"))
    v = allies + p.token_visibility * tok
    seen = v - o
    k = o + p.complicity * average_level("silent_loyalty", n_a)
    ally_stigma = average_level("ally_stigma", n_a)
    return {
        "tok": tok, "o": o, "v": v, "b": total("betrayals") * iota(n_a), "k": k,
        "norm": seen + p.feedback * p.heed * (told - seen),
        "cost": p.sanction * k * (1 - p.shield * v),
        "contagious": ally_stigma + p.token_visibility * average_level("token_stigma", n_a),
        "cred": (1 - p.cost_credibility) * allies + p.cost_credibility * ally_stigma,
        "w": (total("response") - n_m) * iota(n_m), "mix": n_m * iota(n_a + n_m),
        "peer_trust": average_level("trust", n_m), "has": 1.0 if n_m else 0.0,
        "perceived": 0.5 * (1 + seen + p.feedback * (told - seen)),
    }  # fmt: skip


# === Decide =============================================================================================


def stance_utilities(p, one, view):
    """Return (option, utility, is allowed) in the order in which options are gone through."""
    loyalty, stigma, norm, v = one.loyalty, one.stigma, view["norm"], view["v"]
    token = (
        p.image * v
        + p.token_visibility * (loyalty * p.conformity * norm - p.stigma_cost * stigma - view["cost"])
        - p.token_effort
    )
    ally = (
        p.conviction * one.sympathy + loyalty * p.conformity * norm + p.acceptance * view["w"]
        - p.stigma_cost * stigma - view["cost"] - p.effort
    )  # fmt: skip
    oppose = (
        -p.conviction * one.sympathy - loyalty * p.conformity * norm + p.threat * loyalty * v
        + p.distancing * loyalty * stigma - p.accountability * v - p.effort
    )  # fmt: skip
    return [(BYSTAND, 0.0, p.bystand_allowed), (TOKEN, token, p.token_allowed), (ALLY, ally, p.ally_allowed),
            (OPPOSE, oppose, p.oppose_allowed)]  # fmt: skip


def response_utilities(p, trust, view):
    welcome = p.trust_weight * (2 * trust - 1) + p.solidarity * view["w"]
    gatekeep = (
        -p.trust_weight * (2 * trust - 1) - p.solidarity * view["w"] + p.authenticity_threat * view["v"]
        - p.gatekeep_effort
    )  # fmt: skip
    withdraw = p.hostility * view["o"] - p.safety
    return [(WITHDRAW, withdraw, True), (WELCOME, welcome, True), (GATEKEEP, gatekeep, True)]


def choose(p, options, u):
    best = max(utility for _, utility, is_allowed in options if is_allowed)
    if p.noise > 0:
        weights = [exponential((utility - best) / p.noise) if allowed else 0.0 for _, utility, allowed in options]
    else:
        weights, u = [float(utility == best and allowed) for _, utility, allowed in options], 0.0
    sums = list(itertools.accumulate(weights))  # sum() would compensate for rounding in later Pythons
    return next((option for (option, _, _), so_far in zip(options, sums, strict=True) if u * sums[-1] < so_far),
                options[-1][0])  # fmt: skip


def decide(p, one, view, seed, step):
    """Return the act after the step, and whether it is a betrayal."""
    if coarse_draw(seed, one.number, step, REVISE) >= p.revise:
        return one.act, 0
    options = response_utilities(p, one.trust, view) if one.is_marginalized else stance_utilities(p, one, view)
    new = choose(p, options, draw(seed, one.number, step, CHOICE))
    new = new if getattr(p, "script", None) is None else p.script
    return new, int(not one.is_marginalized and one.act == ALLY and new != ALLY)


# === Learn ==============================================================================================


def learn(p, one, view):
    """Change feelings; the act is the new one already."""
    if one.is_marginalized:
        t = one.trust
        gain = p.trust_gain * view["cred"] * (1 - t) * (1 - p.wariness * (1 - t))
        loss = p.betrayal_loss * (1 - p.repair) * view["b"] + p.opposition_loss * view["o"] + p.token_loss * view["tok"]
        heard = p.gossip * view["has"] * (view["peer_trust"] - t)
        one.trust = clip(t + gain - loss * t + heard, 0, 1)
        return
    visible = {ALLY: 1.0, TOKEN: p.token_visibility}.get(one.act, 0.0)
    own = visible + p.proximity * view["mix"]
    source = p.stigma_transfer * (2 * p.group_stigma * own + view["contagious"])
    source = min(1, source + (p.crossing_stigma if one.crosses else 0.0))
    one.stigma = (1 - p.stigma_memory) * one.stigma + p.stigma_memory * source
    x, act = one.sympathy, visible
    if one.act == OPPOSE:
        one.stigma, act = (1 - p.stigma_memory) * one.stigma, -1.0
    met = p.contact * view["mix"] * max(0, view["w"]) * (1 - x)
    one.sympathy = clip(x + met + p.internalise * (act - x) + (p.appeals - abs(p.appeals) * x), -1, 1)


# === 3. Process overview and scheduling =================================================================


def told_norm(p_of, people):
    advantaged = [one for one in people if not one.is_marginalized]
    if not advantaged or not any(p_of(one).feedback > 0 for one in people):
        return 0.0
    return 2 * (sum(one.sympathy > 0 for one in advantaged) / len(advantaged)) - 1


def advance(p_of, people, seed, step, schedule):
    """Take one step; `p_of` gives the parameters that a person is under."""
    told, shown = told_norm(p_of, people), [shown_by(one) for one in people]
    if schedule == "synchronous":
        views = [view_of(p_of(one), one, shown, told) for one in people]
        for one, view in zip(people, views, strict=True):
            one.act, one.betrayed = decide(p_of(one), one, view, seed, step)
        for one, view in zip(people, views, strict=True):
            learn(p_of(one), one, view)
    else:
        for one in sorted(people, key=lambda one: draw(seed, one.number, step, ORDER)):
            p, view = p_of(one), view_of(p_of(one), one, shown, told)
            one.act, one.betrayed = decide(p, one, view, seed, step)
            learn(p, one, view)
            shown[one.number] = shown_by(one)


def simulate(p, is_marginalized, ties, *, steps, start, seed, start_seed, schedule):
    """Return the people at every step: a list of lists of `Person`."""
    people = first_people(p, is_marginalized, ties, start, start_seed)
    lives = [copy.deepcopy(people)]
    for step in range(steps):
        advance(lambda one: p, people, seed, step, schedule)
        lives.append(copy.deepcopy(people))
    return lives


# === Observe ============================================================================================


def fixed(z):
    return math.floor(z * 2.0**32 + 0.5)


def measures(p, people):
    """Return some measures of a state."""
    told, shown = told_norm(lambda one: p, people), [shown_by(one) for one in people]
    views = [view_of(p, one, shown, told) for one in people]
    advantaged = [one for one in people if not one.is_marginalized]
    allies = [one for one in advantaged if one.act == ALLY]
    ends = [(one, other) for one in advantaged for other in one.neighbours if not other.is_marginalized]
    across = [other for one in advantaged for other in one.neighbours if other.is_marginalized]

    def average(values, n, scale=2.0**32):
        return sum(values) / scale / n if n else math.nan

    f = len([1 for one, _ in ends if one.act == ALLY]) / len(ends) if ends else math.nan
    both = len([1 for one, other in ends if one.act == other.act == ALLY]) / len(ends) if ends else math.nan
    return {
        "ally_share": len(allies) / len(advantaged),
        "mean_stigma": average([fixed(one.stigma) for one in advantaged], len(advantaged)),
        "mean_sympathy": average([fixed(one.sympathy + 1) for one in advantaged], len(advantaged)) - 1,
        "mean_trust": average([fixed(one.trust) for one in people if one.is_marginalized],
                              len(people) - len(advantaged)),
        "perceived_support": average([fixed(views[one.number]["perceived"]) for one in advantaged], len(advantaged)),
        "pressure_per_ally": average([fixed(views[one.number]["k"]) for one in allies], len(allies)),
        "ally_segregation": (both - f**2) / (f - f**2) if 0 < f < 1 else math.nan,
        "trust_across_ties": average([shown[one.number]["trust"] for one in across], len(across), 64),
    }  # fmt: skip
