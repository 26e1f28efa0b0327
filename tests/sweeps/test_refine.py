"""Refinement: on known truths, the map of the full grid from a tenth of its points; what it misses, and why."""

import itertools
import random
import zlib

import numpy as np
import pytest
from scipy import ndimage

from sim.sweeps.refine import filled, next_points

A, B, C = "HOLD", "SILENCE", "SPREAD"


def circle(x, y):
    return B if (x - 0.47) ** 2 + (y - 0.53) ** 2 < 0.3**2 else A


def upright_line(x, y):
    return B if x < 0.4123 else A


def sloped_line(x, y):
    return B if y < 0.31 + 0.37 * x else A


def diagonal(x, y):
    return B if x + y < 0.93 else A


def diagonal_through_lattice_points(x, y):
    return B if x < y else A


def wedge(x, y):
    """Thinner than a coarse cell over most of its length, with its tip on the right border."""
    return B if abs(y - 0.51 - 0.1 * x) < 0.12 * (1 - x) else A


def three_regimes(x, y):
    if x + 0.2 * y * y < 0.35:
        return A
    return B if y < 0.4 + 0.3 * np.sin(3 * x) else C


def two_islands(x, y):
    """A large one, and a small one in the middle of a cell of 1/8."""
    large = (x - 0.3) ** 2 + (y - 0.3) ** 2 < 0.15**2
    return B if large or (x - 0.6875) ** 2 + (y - 0.6875) ** 2 < 0.04**2 else A


def sphere(x, y, z):
    return B if (x - 0.47) ** 2 + (y - 0.53) ** 2 + (z - 0.5) ** 2 < 0.3**2 else A


def luck(place):
    """A number in [0, 1) that belongs to a place."""
    return zlib.crc32(repr(place).encode()) / 2**32


def labels_of(truth, depth, coarse, n_axes):
    """The full grid."""
    size = coarse * 2**depth
    labels = np.empty((size + 1,) * n_axes, object)
    for place in np.ndindex(labels.shape):
        labels[place] = truth(*(i / size for i in place))
    return labels


def refine(labels, depth, coarse, classes=(), most=None):
    """Ask until nothing is missing; at most `most` answers per round, as if interrupted."""
    classes = dict(classes)
    while asked := next_points(classes, depth, coarse, labels.ndim):
        assert asked == sorted(set(asked))
        assert not set(asked) & set(classes)
        assert {type(i) for place in asked for i in place} == {int}
        classes.update({place: labels[place] for place in asked[:most]})
    return classes


def slow_next_points(classes, depth, coarse, n_axes):
    """What the docstring says, word by word."""
    cells = list(itertools.product(range(0, coarse * 2**depth, 2**depth), repeat=n_axes))
    for level in range(depth + 1):
        spacing = 2 ** (depth - level)
        corners = {
            tuple(np.add(cell, corner)) for cell in cells for corner in itertools.product((0, spacing), repeat=n_axes)
        }
        if missing := corners - set(classes):
            return sorted(missing)
        split = [cell for cell in cells if len(labels_in(cell, spacing, classes)) > 1]
        parts = list(itertools.product((0, spacing // 2), repeat=n_axes))
        cells = [tuple(np.add(cell, part)) for cell in split for part in parts]
    return []


def labels_in(cell, spacing, classes):
    """The labels in a cell or on its border."""
    found = {
        label
        for place, label in classes.items()
        if all(start <= i <= start + spacing for start, i in zip(cell, place, strict=True))
    }
    return found - {None}


def islands(labels):
    """Number the connected sets of equal labels; diagonal neighbours are connected."""
    numbers = np.zeros(labels.shape, int)
    for label in set(labels.flat):
        found, _ = ndimage.label(labels == label, np.ones((3,) * labels.ndim))
        numbers[found > 0] = found[found > 0] + numbers.max()
    return numbers


def random_labels(shape, blur, seed):
    """Winding regions of three labels."""
    field = ndimage.gaussian_filter(np.random.default_rng(seed).normal(size=shape), blur, mode="nearest")
    return np.array([A, B, C], object)[np.digitize(field, np.quantile(field, [0.4, 0.7]))]


SMOOTH_TRUTHS = [circle, upright_line, sloped_line, diagonal, diagonal_through_lattice_points, wedge, three_regimes]


@pytest.mark.parametrize("coarse", [8, 16])
@pytest.mark.parametrize("truth", SMOOTH_TRUTHS)
def test_a_map_of_128_cells_an_axis_is_exact_with_a_tenth_of_the_points(truth, coarse):
    depth = {8: 4, 16: 3}[coarse]
    labels = labels_of(truth, depth, coarse, 2)
    classes = refine(labels, depth, coarse)
    np.testing.assert_array_equal(filled(classes, depth, coarse, 2), labels)
    assert len(classes) < 0.1 * labels.size


def test_a_surface_of_64_cells_an_axis_is_exact_with_a_tenth_of_the_points():
    labels = labels_of(sphere, 3, 8, 3)
    classes = refine(labels, 3, 8)
    np.testing.assert_array_equal(filled(classes, 3, 8, 3), labels)
    assert len(classes) < 0.1 * labels.size


def test_thresholds_on_a_line_are_halved_down():
    labels = labels_of(lambda x: A if x < 0.3333 else B if x < 0.8111 else C, 7, 8, 1)
    classes = refine(labels, 7, 8)
    assert len(classes) == 9 + 2 * 7  # the coarse lattice, and one point per halving and threshold
    np.testing.assert_array_equal(filled(classes, 7, 8, 1), labels)


def test_twice_the_resolution_costs_twice_the_points_of_a_curve():
    counts = [len(refine(labels_of(circle, depth, 8, 2), depth, 8)) for depth in (3, 4, 5)]
    assert counts[1] / counts[0] == pytest.approx(2, abs=0.1)
    assert counts[2] / counts[1] == pytest.approx(2, abs=0.1)


def test_a_boundary_is_followed_into_a_cell_with_equal_corners():
    """Coarse points at even places. One corner is B, and a strip of B leads from it to the left, through an edge."""
    strip = {(4, 0), (4, 1), (3, 1), (2, 1), (1, 1)}
    labels = np.full((5, 5), A, object)
    labels[tuple(zip(*strip, strict=True))] = B
    classes = {place: labels[place] for place in itertools.product((0, 2, 4), repeat=2)}
    asked = next_points(classes, 1, 2, 2)
    assert asked == [(2, 1), (3, 0), (3, 1), (3, 2), (4, 1)]  # the parts of the cell at the lower right
    classes |= {place: labels[place] for place in asked}
    asked = next_points(classes, 1, 2, 2)
    assert asked == [(0, 1), (1, 0), (1, 1), (1, 2)]  # (2, 1) is on the border of the cell at the lower left
    classes |= {place: labels[place] for place in asked}
    assert next_points(classes, 1, 2, 2) == []
    np.testing.assert_array_equal(filled(classes, 1, 2, 2), labels)


def test_what_is_missed_is_an_island_between_the_points_of_the_coarse_lattice_and_nothing_else():
    labels = labels_of(two_islands, 4, 8, 2)
    found = filled(refine(labels, 4, 8), 4, 8, 2)
    x, y = np.indices(labels.shape) / 128
    is_small_island = (labels == B) & (x + y > 1)
    assert is_small_island.sum() == 89
    np.testing.assert_array_equal(found != labels, is_small_island)
    np.testing.assert_array_equal(filled(refine(labels, 3, 16), 3, 16, 2), labels)  # one of 16 has a point in it


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize(("coarse", "depth", "n_axes"), [(4, 4, 2), (5, 3, 2), (3, 5, 1), (2, 3, 3), (1, 4, 2)])
def test_every_island_with_a_known_point_is_reproduced_exactly(coarse, depth, n_axes, seed):
    size = coarse * 2**depth
    labels = random_labels((size + 1,) * n_axes, (0.7, 1.5, 4)[seed % 3], seed)
    classes = refine(labels, depth, coarse)
    numbers = islands(labels)
    is_reached = np.isin(numbers, [numbers[place] for place in classes])
    np.testing.assert_array_equal(filled(classes, depth, coarse, n_axes)[is_reached], labels[is_reached])
    assert set(classes) >= set(itertools.product(range(0, size + 1, 2**depth), repeat=n_axes))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(("coarse", "depth", "n_axes"), [(2, 3, 2), (3, 2, 2), (3, 4, 1), (1, 2, 3), (2, 0, 2)])
def test_the_fast_way_asks_what_the_slow_one_does(coarse, depth, n_axes, seed):
    """Of any part of the lattice, in any order, with failed points or without."""
    labels = random_labels((coarse * 2**depth + 1,) * n_axes, 1, seed)
    chance = random.Random(seed)
    places = list(np.ndindex(labels.shape))
    coarse_places = [place for place in places if all(i % 2**depth == 0 for i in place)]
    for share in (0, 0.1, 0.5, 0.9):
        known = dict.fromkeys([*chance.sample(places, int(share * len(places))), *coarse_places])
        classes = {place: None if chance.random() < 0.2 else labels[place] for place in known}
        for _ in range(3):
            asked = slow_next_points(classes, depth, coarse, n_axes)
            assert next_points(classes, depth, coarse, n_axes) == asked
            classes |= {place: labels[place] for place in asked}


@pytest.mark.parametrize("truth", [circle, wedge, three_regimes])
def test_whatever_the_order_and_wherever_it_stopped_the_same_points_are_asked(truth):
    labels = labels_of(truth, 3, 8, 2)
    classes = refine(labels, 3, 8)
    whole, picture = set(classes), filled(classes, 3, 8, 2)
    assert set(refine(labels, 3, 8, most=7)) == whole
    for seed in range(5):
        chance = random.Random(seed)
        part = chance.sample(list(classes.items()), len(classes) * seed // 5)
        assert set(next_points(dict(part), 3, 8, 2)) <= whole
        assert next_points(dict(part), 3, 8, 2) == next_points(dict(sorted(part)), 3, 8, 2)
        resumed = refine(labels, 3, 8, part)
        assert set(resumed) == whole
        np.testing.assert_array_equal(filled(resumed, 3, 8, 2), picture)


def test_a_level_is_asked_for_only_when_the_coarser_one_is_complete():
    assert next_points({}, 2, 1, 2) == [(0, 0), (0, 4), (4, 0), (4, 4)]
    classes = {(0, 0): A, (0, 4): B, (4, 0): B, (1, 1): A}
    assert next_points(classes, 2, 1, 2) == [(4, 4)]
    assert next_points(classes | {(4, 4): B}, 2, 1, 2) == [(0, 2), (2, 0), (2, 2), (2, 4), (4, 2)]


def test_without_depth_the_coarse_lattice_is_all():
    classes = {place: A for place in next_points({}, 0, 3, 2)} | {(1, 1): B}
    assert len(classes) == 16
    assert next_points(classes, 0, 3, 2) == []
    assert (filled(classes, 0, 3, 2) == B).sum() == 1


def test_labels_that_flip_near_the_boundary_cost_no_more_than_the_band_they_flip_in():
    """Half of all labels within 0.02 of the circle (a band of 5 places) are chance: 7.5 % of the square."""

    def noisy(x, y):
        is_near = abs(np.hypot(x - 0.47, y - 0.53) - 0.3) < 0.02
        return (A if luck((x, y)) < 0.5 else B) if is_near else circle(x, y)

    labels, calm = labels_of(noisy, 4, 8, 2), labels_of(circle, 4, 8, 2)
    classes = refine(labels, 4, 8)
    assert len(classes) < 2.0 * len(refine(calm, 4, 8))
    assert (filled(classes, 4, 8, 2) == labels).mean() > 0.999


def test_stray_labels_far_from_any_boundary_cost_a_few_points_each():
    """One place in 100 has a wrong label; only those at places that are asked for are seen."""
    labels = labels_of(lambda x, y: C if luck((x, y)) < 0.01 else circle(x, y), 4, 8, 2)
    calm = refine(labels_of(circle, 4, 8, 2), 4, 8)
    classes = refine(labels, 4, 8)
    seen = sum(label == C for label in classes.values())
    assert 10 < seen < 0.02 * len(classes)
    assert len(classes) - len(calm) < 60 * seen


def test_failed_points_are_not_asked_again_and_split_nothing():
    corners = next_points({}, 4, 2, 2)
    assert next_points(dict.fromkeys(corners), 4, 2, 2) == []
    assert next_points(dict.fromkeys(corners, A) | {(0, 0): None, (16, 16): None}, 4, 2, 2) == []
    assert (filled(dict.fromkeys(corners), 4, 2, 2) == None).all()  # noqa: E711 (element by element)


def test_one_failed_point_in_twenty_hardly_harms_the_map():
    labels = labels_of(circle, 4, 8, 2)
    is_failed = np.array([luck(place) < 0.05 for place in np.ndindex(labels.shape)]).reshape(labels.shape)
    classes = refine(np.where(is_failed, None, labels), 4, 8)
    found = filled(classes, 4, 8, 2)
    failed = [place for place, label in classes.items() if label is None]
    assert len(classes) < 1.02 * len(refine(labels, 4, 8))
    assert all(found[place] is None for place in failed)
    assert (found == None).sum() == len(failed)  # noqa: E711
    assert (found != labels).sum() - len(failed) < 0.001 * labels.size


def test_a_failed_corner_does_not_hide_what_the_rest_of_the_cell_shows():
    classes = {(0, 0): None, (0, 2): A, (2, 0): A, (2, 2): B}
    assert next_points(classes, 1, 1, 2) == [(0, 1), (1, 0), (1, 1), (1, 2), (2, 1)]


def test_places_have_the_label_of_their_cell_even_if_a_known_place_beyond_its_border_is_nearer():
    """A uniform cell from 0 to 16; beyond it, (17, 4) is B and nearer to (16, 4) than anything known in the cell."""
    corners = dict.fromkeys(next_points({}, 4, 2, 2), A)
    known = corners | {(16, 8): A, (24, 0): A, (24, 8): A, (24, 16): A, (17, 4): B}
    found = filled(known, 4, 2, 2)
    assert (found[:17, :17] == A).all()
    assert found[17, 4] == B


def test_a_map_that_is_not_complete_is_filled_with_the_nearest_label():
    found = filled({(0, 0): A, (12, 12): B}, 2, 3, 2)  # nothing is known in the cell in the middle
    assert [found[i, i] for i in range(13)] == [A] * 6 + [found[6, 6]] + [B] * 6
    assert found[0, 9] == A
    assert found[6, 11] == B
    assert (filled({}, 2, 2, 2) == None).all()  # noqa: E711
    labels = labels_of(circle, 3, 8, 2)
    part = dict(list(refine(labels, 3, 8).items())[:300])
    assert (filled(part, 3, 8, 2) == labels).mean() > 0.95
