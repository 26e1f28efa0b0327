"""The generated networks, written from docs/odd.md alone: who is marginalized, and the ties as (one, other)."""

from __future__ import annotations

import math

from odd_twin import clip, draw

GROUPS, TIES, REWIRE, NULL = 16, 17, 18, 36


def who_is_marginalized(n, share, seed):
    order = sorted(range(n), key=lambda i: draw(seed, i, 0, GROUPS))
    count = clip(round(share * n), 1, n - 1) if n >= 2 and 0 < share < 1 else round(share * n)
    return [i in order[:count] for i in range(n)]


def two_groups(n, share, degree, homophily, seed):
    """Return who is marginalized, and the ties, of the generator of that name."""
    is_marginalized = who_is_marginalized(n, share, seed)
    groups = [[i for i in range(n) if is_marginalized[i] == m] for m in (False, True)]
    n_a, n_m = map(len, groups)
    across = 0.0
    if n_a and n_m:
        across = (1 - homophily) * (degree * n_a * n_m / (n - 1))
        fewest = max(0, n_a * (degree - (n_a - 1)), n_m * (degree - (n_m - 1)))
        across = min(max(across, fewest), n_a * n_m, n_a * degree, n_m * degree)
    across = half_up(across, n_a * n_m)
    within_m = half_up((n_m * degree - across) / 2, n_m * (n_m - 1) // 2)
    within_a = half_up(math.floor(n * degree / 2 + 0.5) - across - within_m, n_a * (n_a - 1) // 2)
    ties = []
    for step, (group, count) in enumerate(zip(groups, (within_a, within_m), strict=True)):
        pairs = [(high, low) for high in range(len(group)) for low in range(high)]
        ties += [(group[pairs[z][0]], group[pairs[z][1]]) for z in distinct(count, len(pairs), seed, step)]
    ties += [(groups[0][z // n_m], groups[1][z % n_m]) for z in distinct(across, n_a * n_m, seed, 2)]
    return is_marginalized, ties


def half_up(z, most):
    return clip(math.floor(z + 0.5), 0, most)


def distinct(count, total, seed, step):
    taken = []
    for k in range(count):
        top = total - count + k
        z = math.floor(draw(seed, k, step, TIES) * (top + 1))
        taken.append(top if z in taken else z)
    return taken


def ring_lattice(n, degree):
    return [(i, (i + lap) % n) for lap in range(1, degree // 2 + 1) for i in range(n)]


def small_world(n, degree, rewiring, seed):
    ties = [frozenset(tie) for tie in ring_lattice(n, degree)]
    for k, tie in enumerate(ties):
        i = k % n
        if draw(seed, k, 0, REWIRE) >= rewiring:
            continue
        strangers = [other for other in range(n) if other != i and frozenset((i, other)) not in ties]
        if not strangers:
            continue
        tried = (int(draw(seed, k, trial, REWIRE) * n) for trial in range(1, 65))
        new = next((other for other in tried if other in strangers), None)
        new = strangers[int(draw(seed, k, 65, REWIRE) * len(strangers))] if new is None else new
        ties[ties.index(tie)] = frozenset((i, new))
    return [tuple(tie) for tie in ties]


def scale_free(n, degree, seed):
    n_ties = math.floor(n * degree / 2 + 0.5)
    base = max(b for b in range(n) if sum(min(i, b) for i in range(n)) <= n_ties)
    rest, able = n_ties - sum(min(i, base) for i in range(n)), n - base - 1
    ties, ends, used = [], [], 0
    for i in range(n):
        makes, k = min(i, base), i - base - 1
        makes += (k + 1) * rest // able - k * rest // able if k >= 0 else 0
        before, partners = list(ends), []
        while len(partners) < makes:
            if makes == i:
                other = len(partners)
            else:
                u, used = draw(seed, used, 0, TIES), used + 1
                other = before[int(u * len(before))] if before else int(u * i)
            if other not in partners:
                partners.append(other)
        for other in partners:
            ties.append((i, other))
            ends += [i, other]
    return ties


def random_regular(n, degree, seed):
    left_out = n - 1 - degree
    if degree > (n - 1) / 2:
        missing = {frozenset(tie) for tie in paired(n, left_out, seed)}
        return [(i, j) for i in range(n) for j in range(i) if frozenset((i, j)) not in missing]
    return paired(n, degree, seed)


def paired(n, degree, seed):
    for attempt in range(10_000):
        ends = [i for i in range(n) for _ in range(degree)]
        for last in range(n * degree - 1, 0, -1):
            at = int(draw(seed, last, attempt, TIES) * (last + 1))
            ends[last], ends[at] = ends[at], ends[last]
        if repaired(ends, attempt, seed):
            return list(zip(ends[::2], ends[1::2], strict=True))
    raise AssertionError("no such network")


def repaired(ends, attempt, seed):
    n_ties, is_tie, used = len(ends) // 2, [], 0

    def pair(k):
        return frozenset(ends[2 * k : 2 * k + 2])

    def there():
        return [pair(k) for k in range(n_ties) if k >= len(is_tie) or is_tie[k]]

    for k in range(n_ties):
        earlier = [pair(j) for j in range(k) if is_tie[j]]
        is_tie.append(len(pair(k)) == 2 and pair(k) not in earlier)
    for k in range(n_ties):
        last = used + 100 + 100 * n_ties
        while not is_tie[k]:
            if used == last:
                return False
            place, used = int(draw(seed, used, attempt, REWIRE) * 2 * n_ties), used + 1
            other = place // 2
            (a, b), c, e = ends[2 * k : 2 * k + 2], ends[place], ends[place ^ 1]
            new = frozenset((a, c)), frozenset((b, e))
            if other == k or a == c or b == e or new[0] == new[1] or {*new} & {*there()}:
                continue
            ends[2 * k + 1], ends[place] = c, b
            is_tie[k] = is_tie[other] = True
    return True


def rewired(ties, is_marginalized, keeps_mixing, seed):
    ties = sorted(tuple(sorted(tie)) for tie in ties)
    for k in range(10 * len(ties)):
        one = int(draw(seed, 2 * k, 2, NULL) * len(ties))
        z = int(draw(seed, 2 * k + 1, 2, NULL) * 2 * len(ties))
        (a, b), (c, d) = ties[one], ties[z // 2][:: -1 if z % 2 else 1]
        new = tuple(sorted((a, d))), tuple(sorted((c, b)))
        mixes = is_marginalized[a] != is_marginalized[c] or is_marginalized[b] != is_marginalized[d]
        if (keeps_mixing and mixes) or a == d or c == b or new[0] == new[1] or {*new} & {*ties}:
            continue
        ties[one], ties[z // 2] = new
    return ties


def shuffled_groups(is_marginalized, seed):
    order = sorted(range(len(is_marginalized)), key=lambda i: draw(seed, i, 1, NULL))
    return [is_marginalized[i] for i in order]
