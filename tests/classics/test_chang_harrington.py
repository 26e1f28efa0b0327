"""Chang & Harrington (2020), table of outcomes without random ties: 64 replications of ours beside 64 of theirs.

Tolerance. Both tables are samples, so a published quantile and ours differ by luck. How many of 128 runs that follow
the same law lie below the p-th quantile of 64 of them is beta-binomial: a sample quantile of rank r out of 64 has a
chance U ~ Beta(r, 65 - r), and of 64 new runs Bin(64, U) lie below it. The published quantile must lie between our own
runs that leave `UNLIKELY` / 2 on either side. Numbers are printed to .001, so half of that is added. Take-off
counts are compared by Fisher's exact test. With 27 comparisons at .001 a right model fails one in 40 times, once, as
the seeds are fixed.
"""

import numpy as np
import pytest
from scipy import stats

from sim.classics import chang_harrington
from sim.verification.published import (
    PRINTED,
    PUBLISHED,
    RANKS,
    TAKE_OFF,
    UNLIKELY,
    bounds,
    final_shares,
    quantile_case,
    take_off_chance,
)

UPPER, LOWER = 0.7705, 0.1507


@pytest.fixture(scope="module")
def final():
    return {w: final_shares(w) for w in (*PUBLISHED, *TAKE_OFF)}


@pytest.mark.parametrize("w", PUBLISHED)
@pytest.mark.parametrize("name", RANKS)
def test_quantiles_are_the_published_ones(final, w, name):
    low, high = bounds(final[w], RANKS[name])
    published = PUBLISHED[w][list(RANKS).index(name)]
    assert low - PRINTED <= published <= high + PRINTED
    assert quantile_case(final[w], name, published).is_within


@pytest.mark.parametrize("w", TAKE_OFF)
def test_as_many_runs_take_off_as_published(final, w):
    assert take_off_chance(final[w], TAKE_OFF[w][0]) > UNLIKELY


@pytest.mark.parametrize("w", [0.5, 0.7, 0.8, 0.9])
def test_both_branches_are_where_the_closed_forms_say(final, w):
    """Means over runs; the standard error of a mean is theirs, and .0005 of w + (1 - w) s is how s is printed.

    The upper branch is exact where everybody who can follows; at w = .5 a few conformists near intolerant corners stay
    behind, so only from w = .7 on. At w = .9 acceptance begins to grow on the lower branch as conformists follow.
    """
    upper, lower = final[w][final[w] > 0.5], final[w][final[w] <= 0.5]
    if w >= 0.7 and len(upper) > 2:
        error = upper.std(ddof=1) / np.sqrt(len(upper))
        assert abs(upper.mean() - (w + (1 - w) * UPPER)) < 4 * error + (1 - w) * PRINTED
    if w == 0.9:
        error = lower.std(ddof=1) / np.sqrt(len(lower))
        assert abs(np.median(lower) - (1 - w) * LOWER) < 4 * error + (1 - w) * PRINTED


def test_the_first_steps_are_those_of_the_published_run():
    """One published run at w = .3: 150, 150, 165, ... revealed; 978 = .155 of the compassionates accept at step 1.

    Compared with the spread of single runs of ours, four standard deviations.
    """
    revealed, accepting = [150, 150, 165, 185, 209, 241], [0, 978, 978, 1042, 1118, 1229]
    runs = [chang_harrington.run(steps=5, seed=seed).history for seed in range(1, 33)]
    ours = np.array([1000 * run["revealed_share"] for run in runs])
    assert (ours[:, :2] == 150).all()
    for step in range(2, 6):
        assert abs(revealed[step] - ours[:, step].mean()) < 4 * ours[:, step].std(ddof=1)
    ours = np.array([6300 * run["compassionates_accepting"] for run in runs])
    assert (ours[:, 0] == 0).all()
    assert ours[:, 2] == pytest.approx(ours[:, 1])  # nobody reveals in step 1, so nobody follows in step 2
    for step in range(1, 6):
        assert abs(accepting[step] - ours[:, step].mean()) < 4 * ours[:, step].std(ddof=1)


# === the network ========================================================================================


def test_the_network_has_the_papers_size_and_mean_degree():
    network = chang_harrington.run(steps=0).network
    assert (network.n_people, network.mean_degree, network.n_marginalized) == (10_000, 20, 1000)
    # 100,000 of 240,000 pairs, each pair alike: hypergeometric degrees
    assert network.degree.std() == pytest.approx(np.sqrt(48 * 5 / 12 * 7 / 12), rel=0.03)


@pytest.mark.parametrize("q", [0, 0.3, 1])
def test_ties_stay_in_the_neighbourhood_but_for_the_random_ones(q):
    network = chang_harrington.run(random_tie_share=q, steps=0).network
    one, other = np.repeat(np.arange(10_000), network.degree), network.neighbours.astype(int)
    down, right = np.abs(one // 100 - other // 100), np.abs(one % 100 - other % 100)
    far = np.maximum(np.minimum(down, 100 - down), np.minimum(right, 100 - right)) > 3
    # pairs in the neighbourhood are drawn anew when they are taken already, so that somewhat more ties than q are far
    assert far.mean() == (q if q in (0, 1) else pytest.approx(q + 0.03, abs=0.03))
    near = np.stack([(other // 100 - one // 100 + 150) % 100 - 50, (other % 100 - one % 100 + 150) % 100 - 50])[:, ~far]
    if q < 1:
        cells = np.bincount((near[0] + 3) * 7 + near[1] + 3, minlength=49)
        assert cells[24] == 0
        assert stats.chisquare(np.delete(cells, 24)[:24]).pvalue > UNLIKELY  # the other half are the same ties


# === every argument does what its name says =============================================================


def final_share(column="accepting_share", seed=3, **arguments):
    return chang_harrington.run(seed=seed, **arguments).history[column].iloc[-1]


@pytest.mark.parametrize(
    ("name", "low", "high", "sign"),
    [
        ("conformist_share", 0.0, 0.5, 1),
        ("random_tie_share", 0.0, 0.1, 1),  # bridges between pockets ...
        ("random_tie_share", 0.1, 1.0, -1),  # ... but without pockets there is nothing to grow from
        ("revealed_share", 0.05, 0.3, 1),
        ("accepting_share", 0.0, 0.3, 1),
        ("stigmatized_threshold", 0.2, 0.6, -1),
        ("conformist_threshold", 0.2, 0.5, -1),
        ("compassionate_threshold", 0.02, 0.12, -1),
        ("steps", 5, 300, 1),
    ],
)
def test_each_argument_moves_acceptance(name, low, high, sign):
    assert sign * (final_share(**{name: high}) - final_share(**{name: low})) > 0.01


def test_thresholds_are_reached_by_equality():
    """With a threshold of 0 everybody accepts at once; with one of 1 all neighbours have to."""
    everything = {"stigmatized_threshold": 0, "conformist_threshold": 0, "compassionate_threshold": 0, "steps": 1}
    assert final_share(**everything) == final_share("revealed_share", **everything) == 1
    nothing = {"stigmatized_threshold": 1, "conformist_threshold": 1, "compassionate_threshold": 1, "steps": 50}
    assert final_share(**nothing) == 0
    assert final_share("revealed_share", **nothing) == 0.15
    # 6 of 20 neighbours are .3: the rounding of 6 / 20 and of 0.3 is the same
    assert 6 / 20 >= 0.3 and 8 / 20 >= 0.4 and 1 / 20 >= 0.05 and 3 / 10 >= 0.3


def test_the_start_is_counted_in_whole_people():
    first = chang_harrington.run(revealed_share=0.25, accepting_share=0.4, steps=0).history.iloc[0]
    assert first["revealed_share"] == 0.25
    assert first["accepting_share"] == 0.4


def test_the_revealed_stay_revealed_and_others_take_their_acceptance_back():
    history = chang_harrington.run(accepting_share=0.5, revealed_share=0, conformist_threshold=0.9).history
    assert (np.diff(history["revealed_share"]) >= 0).all()
    assert history["accepting_share"].iloc[1] < 0.1


def test_the_slow_way_gives_the_same_run():
    """The rules again, person by person, from their words."""
    run = chang_harrington.run(conformist_share=0.5, random_tie_share=0.1, accepting_share=0.1, steps=4, seed=8)
    network, arguments = run.network, {"conformist_share": 0.5, "seed": 8}
    kind = chang_harrington._kinds(network.is_marginalized, arguments["conformist_share"], 8)
    shows = chang_harrington._start(network.is_marginalized, 0.15, 0.1, 8)
    for step in range(1, 5):
        after = shows.copy()
        for person in range(10_000):
            around = network.neighbours_of(person)
            accepting = shows[around].mean()
            revealed = (shows[around] & network.is_marginalized[around]).mean()
            if kind[person] == 0:
                after[person] = shows[person] or accepting >= 0.4
            else:
                after[person] = accepting >= 0.3 if kind[person] == 1 else revealed >= 0.05
        shows = after
        assert run.history["accepting_share"][step] == shows[~network.is_marginalized].mean()
        assert run.history["revealed_share"][step] == shows[network.is_marginalized].mean()


def test_the_same_seed_gives_the_same_run_and_another_seed_another():
    one, same, other = (chang_harrington.run(steps=20, seed=seed) for seed in (1, 1, 2))
    assert one.history.equals(same.history)
    assert one.network == same.network
    assert not one.history.equals(other.history)
