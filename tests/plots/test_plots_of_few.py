"""Figures and cards of one person, one pair, one step or nobody say so in words that fit."""

import re

import pytest

import sim
from sim.plots import crowd_of

ALONE = sim.networks.complete(n_people=1, marginalized_share=0, seed=1)
PAIR = sim.networks.complete(n_people=2, marginalized_share=0.5, seed=1)
ONE_GROUP = sim.networks.complete(n_people=5, marginalized_share=0, seed=1)


def compared(replicates=1, **given):
    return sim.compare(["protection"], steps=5, replicates=replicates, **given)


def cells(html, name):
    """Return the row of a table in a card, without the name."""
    row = re.search(rf"<tr><td[^>]*>{name}</td>(.*?)</tr>", html)[1]
    return re.findall(r"<td[^>]*>([^<]*)</td>", row)


def test_one_person_is_a_person():
    run = sim.simulate(network=PAIR, steps=1, record_people=True)
    assert [ax.get_title(loc="left") for ax in run.plot().axes] == [
        "Advantaged group, 1 person", "Marginalized group, 1 person"]  # fmt: skip
    assert "Run of 1 step:" in run._repr_html_() and "2 people and 1 tie\"" in run._repr_html_()
    alone = sim.simulate(network=ALONE, steps=1, record_people=True)
    assert alone.animate().told == "1 person, steps 0 to 1"
    assert "Network of 1 person<" in ALONE._repr_html_() and "1 person and 0 ties" in ALONE._repr_html_()


def test_a_crowd_of_one_is_one_person():
    network = sim.networks.two_groups(n_people=300, mean_degree=6, seed=1)
    assert crowd_of(network, around=17, most=1).told == "Shown is 1 of 300 people: person 17."
    assert "Shown are 2 of 300 people: person 17 and" in crowd_of(network, around=17, most=2).told


def test_a_sweep_of_one_person_says_so():
    design = {"network": "complete", "network_n_people": 1, "network_marginalized_share": 0, "loyalty": [0.1, 0.5]}
    made = sim.sweep(design | {"steps": 2, "replicates": 1}, executor="threads", workers=1)
    assert "\n1 person; replicates per point: 1;" in made.plot()._supxlabel.get_text()


def test_one_pair_of_runs_has_no_interval():
    one = compared(network={"n_people": 40})
    html, note = one._repr_html_(), " ".join(one.plot()._supxlabel.get_text().split())
    assert "nan" not in html and ": 1 pair of runs" in html and "One pair gives no interval." in html
    row = one.table.set_index("measure").loc["ally_share"]
    assert cells(html, "allies")[2:] == [f"{row['difference']:+.3f}", "none"]
    assert note.startswith("1 pair of runs") and "without intervals: one pair gives none" in note
    assert "%" not in note and one.plot()._repr_html_()


@pytest.mark.parametrize("replicates", [1, 3])
def test_a_group_without_people_is_nobody_in_a_comparison(replicates):
    html = compared(replicates, network=ONE_GROUP)._repr_html_()
    assert cells(html, "welcome allies") == ["nobody", "nobody", "nobody", "none"]
    assert cells(html, "trust_across_ties")[0] == "nothing to measure"
    assert "nan" not in html
