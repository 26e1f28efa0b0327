"""Pictures of networks: everybody is there, marked as what they show; text of users stays text."""

import re

import numpy as np
import pytest

import sim
from sim.plots import SHAPES, crowd_of
from sim.plots.looks import RESPONSES, STANCES
from sim.plots.places import places

NETWORK = sim.networks.two_groups(n_people=40, marginalized_share=0.25, mean_degree=6, homophily=0, seed=1)
BIG = sim.networks.two_groups(n_people=1000, marginalized_share=0.2, mean_degree=10, seed=1)
RUN = sim.simulate(network=NETWORK, steps=20, seed=7, record_people=True)
NASTY = "<script>alert('$x$')</script>"


def of_size(n_people, share=0.0):
    return sim.networks.complete(n_people=n_people, marginalized_share=share, seed=1)


def named(*labels):
    ties = [(i, i + 1) for i in range(len(labels) - 1)]
    return sim.networks.Network(*[*_arrays(ties, len(labels))], np.arange(len(labels)) % 2 == 1, labels=labels)


def _arrays(ties, n_people):
    made = sim.networks.from_edges(np.array(ties), np.arange(n_people) % 2 == 1)
    return made.offsets, made.neighbours


def dots(ax):
    return {line.get_label(): line.get_xydata() for line in ax.lines}


def test_the_words_of_acts_are_in_the_order_of_their_numbers():
    assert [word.upper() for word in STANCES] == [stance.name for stance in sim.Stance]
    assert [word.upper() for word in RESPONSES] == [response.name for response in sim.Response]


def test_everybody_is_drawn_once_and_marginalized_people_in_rings():
    crowd = crowd_of(NETWORK)
    drawn = dots(NETWORK.plot().axes[0])
    assert np.array_equal(drawn["advantaged group: 30"], crowd.xy[~NETWORK.is_marginalized])
    assert np.array_equal(drawn["marginalized group, in rings: 10"], crowd.xy[NETWORK.is_marginalized])
    assert len(crowd.pairs) == NETWORK.n_ties


def test_what_people_show_is_drawn_by_their_symbols():
    from sim.plots import network_figure

    acts = RUN.state.act
    drawn = dots(network_figure(crowd_of(NETWORK), acts).axes[0])
    for word, code, is_group in (("silent", 1, ~NETWORK.is_marginalized), ("withdrawn", 1, NETWORK.is_marginalized)):
        is_one = (acts == code) & is_group
        assert np.array_equal(drawn[f"{word}: {is_one.sum()}"], crowd_of(NETWORK).xy[is_one])


@pytest.mark.parametrize("n_people", [1, 2, 3, 16, 17])
@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_small_and_one_sided_networks_are_drawn_inside_the_picture(n_people, share):
    network = of_size(n_people, share)
    crowd = crowd_of(network)
    assert (crowd.xy >= 0).all() and (crowd.xy <= (1000, 700)).all()
    assert len(np.unique(crowd.xy, axis=0)) == n_people
    assert network.plot()._repr_html_() and network._repr_html_()
    run = sim.simulate(network=network, steps=2, record_people=True)
    assert run._repr_html_() and run.plot() and run.animate().html


def test_of_a_large_network_people_near_each_other_are_drawn_and_that_is_said():
    crowd = crowd_of(BIG, around=17, most=60)
    assert len(crowd.people) == 60 and 17 in crowd.people
    assert set(BIG.neighbours_of(17)) <= set(crowd.people)
    ties = {(int(a), int(b)) for a, b in crowd.people[crowd.pairs]}
    inside = {(a, int(b)) for a in crowd.people.tolist() for b in BIG.neighbours_of(a) if b in crowd.people and a < b}
    assert ties == inside
    assert "60 of 1,000 people: person 17" in crowd.told
    assert "150 of 1,000 people" in " ".join(BIG.plot()._supxlabel.get_text().split())
    assert "150 of 1,000 people" in BIG._repr_html_()


def test_who_is_tied_to_everybody_stands_in_the_middle():
    spokes = np.array([(3, other) for other in range(9) if other != 3])
    xy = places(spokes, 9)
    from_the_middle = np.hypot(*(xy - (500, 350)).T)
    assert from_the_middle[3] < 0.3 * np.delete(from_the_middle, 3).min()


def test_by_default_a_person_with_a_middling_number_of_ties_stands_at_the_centre():
    bull = sim.networks.from_edges([(3, 4), (3, 2), (3, 0), (4, 2), (4, 1)], [False, True, False, True, False])
    assert crowd_of(bull, most=1).people.tolist() == [2]  # degrees 1, 1, 2, 3, 3
    for network in (NETWORK, BIG):
        by_degree = sorted(range(network.n_people), key=lambda person: network.degree[person])
        assert crowd_of(network, most=1).people.tolist() == [by_degree[network.n_people // 2]]


def test_more_than_can_be_placed_is_refused():
    with pytest.raises(sim.InputError, match="most = 401"):
        BIG.plot(most=401)
    with pytest.raises(sim.InputError, match="not in this network"):
        BIG.plot(around=1000)


def test_a_film_holds_every_act_of_every_step():
    film = RUN.animate(first=5, last=12)
    acts = re.search(r'data-acts="([^"]*)"', film.html)[1].split(" ")
    assert acts == ["".join(map(str, row)) for row in RUN.trajectory["act"][5:13]]
    assert 'data-first="5"' in film.html and "Step 12" in film.html
    assert "seed 7" in film.html


def test_a_film_of_a_run_that_went_on_has_the_steps_by_their_numbers():
    later = sim.simulate(network=NETWORK, steps=10, start=RUN, seed=7, record_people=True)
    acts = re.search(r'data-acts="([^"]*)"', later.animate(first=22, last=25).html)[1].split(" ")
    assert acts == ["".join(map(str, row)) for row in later.trajectory["act"][2:6]]


def test_a_film_says_how_many_people_each_group_has():
    html = RUN.animate().html
    assert ">Advantaged group, 30 people<" in html and ">Marginalized group (in rings), 10 people<" in html


def test_a_film_shows_its_last_step_without_javascript():
    static = RUN.animate().html.split("<script>")[0]
    outlines = re.findall(r'<path data-person="(\d+)" d="([^"]*)"', static)
    acts = zip(RUN.state.act, NETWORK.is_marginalized, strict=True)
    words = [(RESPONSES if ring else STANCES)[act] for act, ring in acts]
    assert [outline for _, outline in outlines] == [SHAPES[word] for word in words]
    for word in {*STANCES, *RESPONSES}:
        assert f'data-count="{word}">{words.count(word)}<' in static


def test_a_film_asks_nothing_of_the_network():
    html = RUN.animate().html
    assert not re.search(r"https?:|src=|import |fetch|@import|url\(", html)


def test_a_film_of_people_nobody_recorded_or_too_long_is_refused():
    with pytest.raises(sim.InputError, match="record_people=True"):
        sim.simulate(network=NETWORK, steps=2).animate()
    with pytest.raises(sim.InputError, match="at most 2000 steps"):
        sim.simulate(network=of_size(3), steps=2000, record_people=True).animate()
    with pytest.raises(sim.InputError, match="last = 3"):
        RUN.animate(first=5, last=3)


def test_names_of_people_stay_text():
    network = named(NASTY, "$a_b", "c", "d")
    run = sim.simulate(network=network, steps=3, seed=1, record_people=True)
    shown = [network._repr_html_(), run._repr_html_(), run.animate().html.split("<script>")[0],
             sim.explain(run, NASTY, 1)._repr_html_()]  # fmt: skip
    for html in shown:
        assert "<script" not in html and "&lt;script&gt;" in html
    drawn = [text.get_text() for text in network.plot().axes[0].texts]
    assert drawn[1] == "$a_b" and network.plot()._repr_html_()


@pytest.mark.parametrize("text", ["$\\frac{0$", "a$b$", "\\$"])
def test_what_users_wrote_is_no_mathematics(text):
    chain = [(i, i + 1) for i in range(199)]
    network = sim.networks.Network(
        *_arrays(chain, 200), np.arange(200) % 2 == 1, labels=[f"{text} {i}" for i in range(200)],
        group_names=("a", text),
    )  # fmt: skip
    fig = network.plot()
    assert text in fig.told() and fig._repr_html_()
    assert not any(part.get_parse_math() for part in (fig._supxlabel, *fig.legends[0].get_texts()))


def test_the_words_of_a_picture_of_a_network_begin_with_what_is_drawn():
    told = NETWORK.plot().told()
    assert told.startswith("marginalized group, in rings: 10, advantaged group: 30. Network")


def test_a_card_of_a_run_shows_both_groups_and_what_it_rests_on():
    html, means = RUN._repr_html_(), RUN.tail.mean()
    for word in (*STANCES, *RESPONSES):
        assert f">{means[f'{word}_share']:.0%}</b>" in html
    assert "Advantaged group, 30 people" in html and "Marginalized group, 10 people" in html
    assert "seed 7" in html and "not a prediction" in html and "<script" not in html
    assert "Nobody is in this group" in sim.simulate(network=of_size(3), steps=2)._repr_html_()


def test_a_card_of_parameters_shows_what_was_changed_first():
    changed, rest = sim.Parameters(stigma_transfer=0.23)._repr_html_().split("<details>")
    assert "0.23" in changed and "stigma_transfer" in changed and "loyalty" not in changed
    assert all(name in rest for name in sim.Parameters.names())
    assert "all as by default" in sim.Parameters()._repr_html_()


def test_a_card_of_a_comparison_shows_the_table():
    compared = sim.compare(["protection"], network={"n_people": 40}, steps=5, replicates=3)
    row = compared.table.set_index("measure").loc["ally_share"]
    assert f"{row['difference']:+.3f}" in compared._repr_html_()
    only = sim.compare(["protection"], network={"n_people": 40}, steps=5, replicates=2, measures=["betrayals"])
    assert "betrayals" in only._repr_html_() and only.plot()._repr_html_()
