"""Random numbers: the published answers, the same bits three ways, and no pattern between neighbours."""

import itertools
import math

import numba
import numpy as np
import pytest
from scipy import stats

import sim
from sim import streams
from sim.checks import InputError
from sim.verification.known_answers import PHILOX, WAYS, compiled_philox

UNLIKELY = 1e-4  # the seeds are fixed, so a test that passes once passes always

SQRT5_LESS_1 = math.isqrt(5 << 64) - (1 << 32)
WEYL = (SQRT5_LESS_1 // 2, math.isqrt(3 << 64) - (1 << 32))  # golden ratio and sqrt(3) - 1, in units of 2**-32


def reference_philox(counter, key):
    """Philox 4x32-10 as in Salmon et al. (2011), with big integers: two pairs, multiplied, mixed and swapped."""
    left0, right0, left1, right1 = counter
    for turn in range(10):
        key0, key1 = ((word + turn * step) % 2**32 for word, step in zip(key, WEYL, strict=True))
        high0, low0 = divmod(0xD2511F53 * left0, 2**32)
        high1, low1 = divmod(0xCD9E8D57 * left1, 2**32)
        left0, right0, left1, right1 = high1 ^ right0 ^ key0, low1, high0 ^ right1 ^ key1, low0
    return left0, right0, left1, right1


@numba.njit
def compiled_uniforms(persons, step, purpose, k0, k1):
    fine, coarse = np.empty(persons.size), np.empty(persons.size)
    for i in range(persons.size):
        fine[i] = streams.uniform(persons[i], step, purpose, k0, k1)
        coarse[i] = streams.coarse_uniform(persons[i], step, purpose, k0, k1)
    return fine, coarse


@pytest.mark.parametrize("philox", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize(("counter", "key", "answer"), PHILOX)
def test_the_published_answers_come_out(philox, counter, key, answer):
    assert philox(*counter, *key) == answer


@pytest.mark.parametrize(("counter", "key", "answer"), PHILOX)
def test_the_reference_in_this_file_gives_the_published_answers_too(counter, key, answer):
    assert reference_philox(counter, key) == answer


def test_python_arrays_compiled_code_and_the_reference_agree_on_random_words():
    words = np.random.default_rng(1).integers(0, 2**32, size=(6, 2000), dtype=np.int64)
    words[:, :64] = np.array(list(itertools.product((0, 2**32 - 1), repeat=6))).T  # every mixture of extremes
    by_arrays = np.array(streams.philox(*words)).T
    for column, from_arrays in zip(words.T.tolist(), by_arrays.tolist(), strict=True):
        expected = reference_philox(column[:4], column[4:])
        assert streams.philox(*column) == expected
        assert compiled_philox(*column) == expected
        assert tuple(from_arrays) == expected


def test_uniform_numbers_are_the_same_in_python_and_compiled_code():
    persons = np.random.default_rng(2).integers(0, 2**32, 3000)
    key = streams.key(0xFEDCBA9876543210)
    fine, coarse = compiled_uniforms(persons, 17, streams.CHOICE, *key)
    assert [streams.uniform(i, 17, streams.CHOICE, *key) for i in persons.tolist()] == fine.tolist()
    assert [streams.coarse_uniform(i, 17, streams.CHOICE, *key) for i in persons.tolist()] == coarse.tolist()


def test_many_uniforms_are_those_of_the_single_persons():
    key = streams.key(5)
    expected = [streams.uniform(i, 3, streams.TIES, *key) for i in range(50)]
    assert streams.uniforms(5, streams.TIES, 50, step=3).tolist() == expected


def test_a_uniform_number_is_27_bits_of_one_word_followed_by_26_of_the_next():
    high, low, _, _ = reference_philox((8, 9, streams.CHOICE, 0), (10, 11))
    assert streams.uniform(8, 9, streams.CHOICE, 10, 11) == ((high >> 5 << 26) | low >> 6) / 2**53


def test_four_neighbours_read_the_four_words_of_one_block():
    words = reference_philox((3, 9, streams.REVISE, 1), (10, 11))
    assert [streams.coarse_uniform(12 + i, 9, streams.REVISE, 10, 11) * 2**32 for i in range(4)] == list(words)


def test_uniform_numbers_stay_below_one_and_reach_zero():
    assert streams.to_uniform(0, 0) == 0.0
    assert streams.to_uniform(2**32 - 1, 2**32 - 1) == 1 - 2**-53
    assert streams.to_coarse_uniform(0) == 0.0
    assert streams.to_coarse_uniform(2**32 - 1) == 1 - 2**-32


def test_the_key_holds_all_64_bits_of_the_seed():
    assert streams.key(0x0123456789ABCDEF) == (0x89ABCDEF, 0x01234567)
    assert streams.uniforms(1, 1, 5).tolist() != streams.uniforms(1 + 2**32, 1, 5).tolist()


def test_no_two_purposes_share_a_number():
    names = [name for name, value in vars(streams).items() if name.isupper() and name != "LARGEST_SEED"]
    assert len(names) >= 13
    assert len({getattr(streams, name) for name in names}) == len(names)


# === no pattern =========================================================================================


@pytest.mark.parametrize("seed", [0, 1, 7, 2**64 - 1])
def test_uniform_numbers_are_uniform(seed):
    assert stats.kstest(streams.uniforms(seed, streams.CHOICE, 50_000), "uniform").pvalue > UNLIKELY
    _, coarse = compiled_uniforms(np.arange(50_000), 0, streams.REVISE, *streams.key(seed))
    assert stats.kstest(coarse, "uniform").pvalue > UNLIKELY


def independence(first, second, bins=16):
    """P-value of a chi-square test that two series of uniform numbers are unrelated."""
    counts, _, _ = np.histogram2d(first, second, bins, range=[[0, 1], [0, 1]])
    return stats.chisquare(counts.ravel()).pvalue


@pytest.mark.parametrize("seed", [0, 12345])
def test_neighbouring_persons_steps_purposes_and_seeds_have_unrelated_luck(seed):
    n = 100_000
    mine = streams.uniforms(seed, streams.CHOICE, n, step=8)
    others = {
        "person": np.roll(mine, 1),
        "person in four": np.roll(mine, 4),
        "step": streams.uniforms(seed, streams.CHOICE, n, step=9),
        "purpose": streams.uniforms(seed, streams.CHOICE + 1, n, step=8),
        "seed": streams.uniforms(seed + 1, streams.CHOICE, n, step=8),
        "high seed": streams.uniforms(seed + 2**32, streams.CHOICE, n, step=8),
    }
    assert {name: p for name, p in ((k, independence(mine, v)) for k, v in others.items()) if p < UNLIKELY} == {}


def test_who_reconsiders_is_unrelated_between_block_mates_and_to_what_they_choose():
    fine, coarse = compiled_uniforms(np.arange(200_000), 4, streams.REVISE, *streams.key(3))
    blocks = coarse.reshape(-1, 4)
    for one, other in itertools.combinations(range(4), 2):
        assert independence(blocks[:, one], blocks[:, other]) > UNLIKELY
    assert independence(fine, coarse) > UNLIKELY
    assert independence(fine[:50_000], blocks[:, 0]) > UNLIKELY  # the counters of both, side by side


def test_the_unlikely_threshold_would_catch_a_pattern():
    mine = streams.uniforms(0, streams.CHOICE, 100_000)
    tilted = (0.95 * np.roll(mine, 1) + 0.05 * mine) % 1.0
    assert independence(mine, tilted) < UNLIKELY


# === orders =============================================================================================


def test_a_permutation_holds_everybody_once():
    order = streams.permutation(4, streams.ORDER, 1000)
    assert sorted(order.tolist()) == list(range(1000))
    assert order.tolist() != streams.permutation(4, streams.ORDER, 1000, step=1).tolist()


def test_a_permutation_sorts_the_draws_of_the_persons():
    order = streams.permutation(4, streams.ORDER, 100, step=2)
    assert np.all(np.diff(streams.uniforms(4, streams.ORDER, 100, step=2)[order]) >= 0)


def test_all_orders_of_four_are_equally_likely():
    orders = [tuple(streams.permutation(9, streams.ORDER, 4, step=step)) for step in range(12_000)]
    counts = [orders.count(order) for order in itertools.permutations(range(4))]
    assert sum(counts) == 12_000
    assert stats.chisquare(counts).pvalue > UNLIKELY


# === seeds ==============================================================================================


@pytest.mark.parametrize(
    "seed", [0, 1, 2**64 - 1, np.int64(7), np.uint64(2**64 - 1), np.int8(3), np.uint32(2**32 - 1)]
)
def test_whole_numbers_of_64_bits_are_seeds(seed):
    checked = streams.check_seed(seed)
    assert checked == int(seed)
    assert type(checked) is int


@pytest.mark.parametrize("seed", [True, np.True_, 1.0, np.float64(1), math.nan, -1, 2**64, "7", None, [7], 7j])
def test_anything_else_is_refused_as_a_seed(seed):
    with pytest.raises(InputError, match=r"^luck .*whole number from 0 to 18446744073709551615"):
        streams.check_seed(seed, name="luck")


def test_seed_zero_is_a_seed_like_any_other():
    network = sim.networks.from_edges([(0, 1), (1, 2)], [False, False, True])
    asked = sim.simulate(network=network, steps=3, seed=3, start_seed=0)
    default = sim.simulate(network=network, steps=3, seed=3)
    assert (asked.start_seed, default.start_seed) == (0, 3)
    assert asked.state.sympathy[0] != default.state.sympathy[0]
    assert sim.simulate(network=network, steps=3, seed=0).seed == 0
    assert sim.AllyshipModel(network=network, rng=0).seed == 0
    assert sim.AllyshipModel(network=network, rng=3, start_seed=0).start_seed == 0
    assert len(set(streams.uniforms(0, streams.CHOICE, 100))) == 100
