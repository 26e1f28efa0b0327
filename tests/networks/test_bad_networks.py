"""Whatever is wrong with a network, the answer is one InputError that says what, and what would be right."""

import functools
import gzip
import os
import pickle

import networkx as nx
import numpy as np
import pandas as pd
import pytest
import refusing

from sim.checks import InputError
from sim.networks import from_edges, from_networkx, load
from sim.verification.bad_networks import GEXF, GML, GRAPHML

refused = functools.partial(refusing.refused, longest=700)  # labels of people may be long

# Arrays

PAIRS = [(0, 1), (1, 2)]
GROUPS = [False, True, False]


@pytest.mark.parametrize(
    ("pairs", "parts"),
    [
        ([(0, 3)], ("pairs", "3", "from 0 to 2")),
        ([(-1, 0)], ("pairs", "-1", "from 0 to 2")),
        (np.array([[0, 2**64 - 1]], np.uint64), ("pairs", "18446744073709551615", "from 0 to 2")),
        ([(0, 2**70)], ("pairs", "whole person numbers", "object")),
        ([(0.0, 1.0)], ("pairs", "whole person numbers", "float64")),
        ([(0, np.nan)], ("pairs", "whole person numbers", "float64")),
        ([("a", "b")], ("pairs", "whole person numbers", "'a'")),
        ([(True, False)], ("pairs", "whole person numbers", "bool")),
        ([(None, 1)], ("pairs", "whole person numbers", "None")),
        ([(0, 1, 2)], ("pairs", "(n_pairs, 2)", "(1, 3)")),
        ([0, 1], ("pairs", "(n_pairs, 2)", "(2,)")),
        ([(0, 1), (2,)], ("pairs", "rectangular", "[(0, 1), (2,)]")),
        (7, ("pairs", "(n_pairs, 2)", "()")),
        ("ab", ("pairs", "(n_pairs, 2)")),
        (np.zeros((2, 2, 2), int), ("pairs", "(n_pairs, 2)", "(2, 2, 2)")),
        ({(0, 1)}, ("pairs", "(n_pairs, 2)")),
        (None, ("pairs", "(n_pairs, 2)")),
    ],
)
def test_pairs(pairs, parts):
    refused(parts, from_edges, pairs, GROUPS)


@pytest.mark.parametrize(
    ("groups", "parts"),
    [
        ([], ("is_marginalized", "one entry for each person", "(0,)")),
        ([[True, False]], ("is_marginalized", "one entry for each person", "(1, 2)")),
        ([0, 1, 2], ("is_marginalized", "True and False", "[0, 1, 2]")),
        ([0.0, 1.0, 0.0], ("is_marginalized", "True and False", "0.0")),
        (["no", "yes", "no"], ("is_marginalized", "True and False", "'yes'")),
        ([None, True, False], ("is_marginalized", "True and False", "None")),
        (True, ("is_marginalized", "one entry for each person", "()")),
        ([[True], []], ("is_marginalized", "rectangular")),
    ],
)
def test_groups_of_arrays(groups, parts):
    refused(parts, from_edges, [], groups)


@pytest.mark.parametrize(
    ("about", "parts"),
    [
        ({"labels": ["a", "b"]}, ("labels", "2 names", "3 people")),
        ({"labels": ["a", "b", "a"]}, ("labels", "must differ", "1 of 3")),
        ({"labels": ["a", "b", ["c"]]}, ("labels", "hashable")),
        ({"labels": "abc"}, ("labels", "'abc'", "sequence of 3 names")),
        ({"labels": 3}, ("labels", "3", "sequence of 3 names")),
        ({"group_names": ("A", "A")}, ("group_names", "('A', 'A')", "two different names")),
        ({"group_names": "AB"}, ("group_names", "'AB'", "two different names")),
        ({"group_names": ("A", 1)}, ("group_names", "('A', 1)", "two different names")),
        ({"group_names": ("A", "B", "C")}, ("group_names", "'C'", "two different names")),
        ({"source": {"what": object}}, ("source", "object", "JSON")),
        ({"source": "here"}, ("source", "'here'", "JSON")),
    ],
)
def test_what_goes_with_arrays(about, parts):
    refused(parts, from_edges, PAIRS, GROUPS, **about)


# NetworkX graphs


def graph_of(*values, kind=nx.Graph, name="gender"):
    graph = nx.path_graph(len(values), create_using=kind)
    for person, value in enumerate(values):
        if value is not Ellipsis:
            graph.nodes[person][name] = value
    return graph


def with_weights(*weights):
    graph = graph_of("man", "woman", "man")
    for (*_, data), weight in zip(graph.edges(data=True), weights, strict=True):
        if weight is not Ellipsis:
            data["hours"] = weight
    return graph


PEOPLE = ("man", "woman", "man")
NAN = float("nan")


@pytest.mark.parametrize(
    ("graph", "asked", "parts"),
    [
        ([(0, 1)], {}, ("graph", "[(0, 1)]", "NetworkX graph")),
        (None, {}, ("graph", "None", "NetworkX graph")),
        (nx.Graph, {}, ("graph", "NetworkX graph")),
        (nx.Graph(), {}, ("graph", "0", "from 1 to")),
        (
            graph_of(*PEOPLE),
            {"group": "Gendr"},
            ("group", "'Gendr'", "did you mean 'gender'?", "present: gender"),
        ),
        (nx.path_graph(3), {}, ("group", "'gender'", "present: none")),
        (graph_of(*PEOPLE), {"group": 7}, ("group", "7", "name of an attribute")),
        (graph_of(*PEOPLE), {"group": ["gender"]}, ("group", "['gender']", "name of an attribute")),
        (graph_of("man", ..., "woman", ...), {}, ("'gender'", "2 of 4 people", "1, 3", "every person")),
        (graph_of("man", NAN, "woman"), {}, ("'gender'", "1 of 3 people", "(1)", "every person")),
        (graph_of("man", None, "woman"), {}, ("'gender'", "1 of 3 people", "(1)", "every person")),
        (graph_of("man", " ", "woman"), {}, ("'gender'", "1 of 3 people", "(1)", "every person")),
        (graph_of("man", pd.NA, "woman"), {}, ("'gender'", "1 of 3 people", "(1)", "every person")),
        (graph_of("man", np.float64("nan"), "woman"), {}, ("'gender'", "1 of 3 people", "every person")),
        (graph_of("man", ["woman"], "man"), {}, ("'gender'", "['woman']", "text, numbers or truth values")),
        (
            graph_of("man", np.ones(2), "man"),
            {},
            ("'gender'", "array([1., 1.])", "text, numbers or truth values"),
        ),
        (
            graph_of(*PEOPLE),
            {"marginalized": "womn"},
            ("'womn'", "did you mean 'woman'?", "'man' (2), 'woman' (1)"),
        ),
        (
            graph_of(*PEOPLE),
            {"marginalized": ["woman", "x"]},
            ("marginalized", "'x'", "'man' (2), 'woman' (1)"),
        ),
        (
            graph_of(*PEOPLE),
            {"marginalized": {"a": 1}},
            ("marginalized", "{'a': 1}", "'man' (2), 'woman' (1)"),
        ),
        (graph_of(*PEOPLE), {"marginalized": None}, ("marginalized", "None", "'man' (2), 'woman' (1)")),
        (graph_of(1, 2, 2), {"marginalized": "02"}, ("marginalized", "'02'", "2 (2), 1 (1)")),
        (graph_of(1, 2, 2), {"marginalized": 3}, ("marginalized", "3", "2 (2), 1 (1)")),
        (graph_of(*map(str, range(40))), {}, ("marginalized", "'woman'", "and 28 more")),
        (graph_of("woman", "woman"), {}, ("marginalized", "everybody", "'woman' (2)", "allow_one_group")),
        (graph_of(*PEOPLE), {"marginalized": ()}, ("marginalized", "nobody", "allow_one_group")),
        (
            graph_of(*PEOPLE),
            {"marginalized": ["man", "woman"]},
            ("everybody", "both groups must have people"),
        ),
        (
            graph_of(*PEOPLE),
            {"marginalized": "x", "allow_one_group": True},
            ("'x'", "'man' (2), 'woman' (1)"),
        ),
        (graph_of(*PEOPLE), {"allow_one_group": 1}, ("allow_one_group", "1", "True or False")),
        (graph_of(*PEOPLE), {"directed": "both"}, ("directed", "'both'", "any, mutual")),
        (graph_of(*PEOPLE), {"directed": "mutal"}, ("directed", "'mutal'", "did you mean 'mutual'?")),
        (graph_of(*PEOPLE), {"directed": True}, ("directed", "True", "any, mutual")),
        (with_weights(1, 2), {"weight": "hours"}, ("weight", "'hours'", "min_weight")),
        (with_weights(1, 2), {"min_weight": 2}, ("min_weight", "2", "must come with weight")),
        (with_weights(1, 2), {"weight": 3, "min_weight": 2}, ("weight", "3", "name of a tie attribute")),
        (with_weights(1, 2), {"weight": "hours", "min_weight": "2"}, ("min_weight", "'2'", "a number")),
        (with_weights(1, 2), {"weight": "hours", "min_weight": NAN}, ("min_weight", "nan", "a number")),
        (
            with_weights(1, 2),
            {"weight": "hors", "min_weight": 2},
            ("weight", "'hors'", "did you mean 'hours'?"),
        ),
        (
            with_weights(1, ...),
            {"weight": "hours", "min_weight": 2},
            ("'hours'", "missing", "1 and 2", "every tie"),
        ),
        (
            with_weights(1, "2"),
            {"weight": "hours", "min_weight": 2},
            ("'hours'", "'2'", "1 and 2", "finite number"),
        ),
        (with_weights(1, None), {"weight": "hours", "min_weight": 2}, ("'hours'", "None", "finite number")),
        (with_weights(1, NAN), {"weight": "hours", "min_weight": 2}, ("'hours'", "nan", "finite number")),
        (
            with_weights(1, -np.inf),
            {"weight": "hours", "min_weight": 2},
            ("'hours'", "-inf", "finite number"),
        ),
        (with_weights(1, True), {"weight": "hours", "min_weight": 2}, ("'hours'", "True", "finite number")),
        (with_weights(1, 2j), {"weight": "hours", "min_weight": 2}, ("'hours'", "2j", "finite number")),
    ],
)
def test_graphs(graph, asked, parts):
    refused(parts, from_networkx, graph, **{"group": "gender", "marginalized": "woman", **asked})


# Graph files

BOMB = '<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY l2 "&lol;&lol;&lol;&lol;">]>'
OUTSIDE = '<!DOCTYPE graphml [<!ENTITY x SYSTEM "file:///etc/hostname">]>'


def load_text(folder, name, content):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return load(path, group="gender", marginalized="woman")


@pytest.mark.parametrize(("name", "content"), [("a.graphml", GRAPHML), ("a.gexf", GEXF), ("a.gml", GML)])
def test_the_files_below_are_good_but_for_one_thing(tmp_path, name, content):
    network = load_text(tmp_path, name, content)
    assert (network.labels, network.n_ties, network.n_marginalized) == (("a", "b"), 1, 1)


XML_HEAD = '<?xml version="1.0"?>'
BROKEN = {
    "DOCTYPE": (
        "a.graphml",
        GRAPHML.replace(XML_HEAD, XML_HEAD + "<!DOCTYPE graphml>"),
        ("DOCTYPE", "line 1"),
    ),
    "entities that grow": (
        "a.graphml",
        GRAPHML.replace(XML_HEAD, XML_HEAD + BOMB),
        ("ENTITY", "not allowed"),
    ),
    "entity of a file": (
        "a.graphml",
        GRAPHML.replace(XML_HEAD, OUTSIDE).replace("man<", "&x;<"),
        ("not allowed",),
    ),
    "entities in GEXF": ("a.gexf", BOMB + GEXF, ("ENTITY", "not allowed")),
    "entity never declared": ("a.graphml", GRAPHML.replace(">man<", ">&man;<"), ("line 5", "entity")),
    "cut off": ("a.graphml", GRAPHML[: len(GRAPHML) // 2], ("not well-formed", "line 4")),
    "cut off GEXF": ("a.gexf", GEXF[:-20], ("not well-formed", "line 5")),
    "tag not closed": (
        "a.graphml",
        GRAPHML.replace("</node>\n<edge", "<edge"),
        ("not well-formed", "line 7"),
    ),
    "noise": ("a.graphml", bytes(range(256)) * 20, ("not well-formed", "line 1")),
    "noise as GEXF": ("a.gexf", os.urandom(1000), ("a.gexf", "cannot be read as gexf")),
    "noise as GML": ("a.gml", b"\xff\xfe\x00" * 100, ("a.gml", "UTF-8", "line 1")),
    "pickle": ("a.graphml", pickle.dumps({"graph": 1}), ("not well-formed",)),
    "GEXF in GraphML": ("a.graphml", GEXF, ("<gexf>", "must be <graphml>")),
    "GraphML in GEXF": ("a.gexf", GRAPHML, ("<graphml>", "must be <gexf>")),
    "web page": ("a.graphml", "<html><body/></html>", ("<html>", "must be <graphml>")),
    "GML in GraphML": ("a.graphml", GML, ("not well-formed", "line 1")),
    "GraphML in GML": ("a.gml", GRAPHML, ("a.gml", "cannot be read as gml", "(1, 1)")),
    "empty": ("a.graphml", "", ("a.graphml", "empty")),
    "blank": ("a.gml", " \n\n", ("a.gml", "empty")),
    "no graph": ("a.graphml", "<graphml/>", ("0 graphs", "exactly one")),
    "no graph in GEXF": ("a.gexf", "<gexf/>", ("0 graphs", "exactly one")),
    "two graphs": ("a.graphml", GRAPHML.replace("</graph>", "</graph><graph/>"), ("2 graphs", "exactly one")),
    "no people": ("a.graphml", "<graphml><graph edgedefault='directed'/></graphml>", ("graph", "from 1 to")),
    "person twice": (
        "a.graphml",
        GRAPHML.replace('id="b"', 'id="a"'),
        ("line 6", "'a'", "must be different"),
    ),
    "person without id": (
        "a.graphml",
        GRAPHML.replace('node id="b"', "node"),
        ("line 6", "no id", "must have one"),
    ),
    "tie to nobody": (
        "a.graphml",
        GRAPHML.replace('target="b"', 'target="c"'),
        ("line 7", "'c'", "not among"),
    ),
    "tie to nobody in GEXF": (
        "a.gexf",
        GEXF.replace('target="b"', 'target="c"'),
        ("line 5", "'c'", "not among"),
    ),
    "tie without end": (
        "a.graphml",
        GRAPHML.replace(' target="b"', ""),
        ("line 7", "no target", "must have"),
    ),
    "hyperedge": ("a.graphml", GRAPHML.replace("<edge ", "<hyperedge/><edge "), ("hyperedges",)),
    "key unknown": (
        "a.graphml",
        GRAPHML.replace('key="g"', 'key="h"'),
        ("a.graphml", "cannot be read as graphml"),
    ),
    "number that is none": (
        "a.graphml",
        GRAPHML.replace('"string"', '"int"'),
        ("cannot be read as graphml", "'man'"),
    ),
    "truth that is none": (
        "a.graphml",
        GRAPHML.replace('"string"', '"boolean"'),
        ("cannot be read as graphml",),
    ),
    "type unknown": (
        "a.graphml",
        GRAPHML.replace('"string"', '"colour"'),
        ("cannot be read as graphml", "colour"),
    ),
    "encoding unknown": ("a.graphml", GRAPHML.replace("?>", ' encoding="klingon"?>'), ("encoding",)),
    "not in its encoding": (
        "a.graphml",
        GRAPHML.replace("man", "mañ").encode("latin-1"),
        ("not well-formed",),
    ),
    "nested 10,000 deep": (
        "a.graphml",
        "<graphml>" + "<graph>" * 10_000,
        ("too deeply", "100 levels"),
    ),
    "nested in GML": ("a.gml", "graph [ " + "a [ " * 100_000, ("a.gml", "cannot be read as gml")),
    "bracket missing in GML": ("a.gml", GML[:-1], ("a.gml", "cannot be read as gml")),
    "quote missing in GML": ("a.gml", GML.replace('"b"', '"b'), ("a.gml", "cannot be read as gml")),
    "word in GML": ("a.gml", GML.replace("id 0", "id ?"), ("a.gml", "cannot be read as gml", "(2, ")),
    "no graph in GML": ("a.gml", "node [ id 0 ]", ("a.gml", "cannot be read as gml", "no graph")),
    "tie to nobody in GML": ("a.gml", GML.replace("target 1", "target 7"), ("cannot be read as gml", "7")),
    "id twice in GML": ("a.gml", GML.replace("id 1", "id 0"), ("cannot be read as gml", "0", "duplicated")),
    "label twice in GML": (
        "a.gml",
        GML.replace('"b"', '"a"'),
        ("cannot be read as gml", "'a'", "duplicated"),
    ),
    "huge number in GML": ("a.gml", GML.replace("id 1", "id " + "9" * 10_000), ("cannot be read as gml",)),
    "GEXF version unknown": ("a.gexf", GEXF.replace("1.2draft", "9.9"), ("cannot be read as gexf",)),
    "GEXF attribute unknown": ("a.gexf", GEXF.replace('for="0"', 'for="7"'), ("cannot be read as gexf",)),
    "suffix unknown": ("a.pkl", GRAPHML, ("a.pkl", "'.pkl'", "graphml, gexf, gml, csv, tsv")),
    "no suffix": ("people", GRAPHML, ("people", "''", "graphml, gexf, gml, csv, tsv")),
    "packed": ("a.graphml.gz", gzip.compress(GRAPHML.encode()), ("a.graphml.gz", ".gz", "unpack")),
    "list of ties alone": ("a.csv", "source,target\na,b\n", ("nodes", "None", "table")),
    "group missing": ("a.graphml", GRAPHML.replace('"gender"', '"sex"'), ("'gender'", "present: sex")),
    "one person without group": (
        "a.graphml",
        GRAPHML.replace("<edge", '<node id="c"/><edge'),
        ("1 of 3 people", "'c'", "every person"),
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_broken_files(tmp_path, case):
    name, content, parts = BROKEN[case]
    refused(parts, load_text, tmp_path, name, content)


def test_no_other_file_is_ever_read(tmp_path):
    (tmp_path / "secret").write_text("SECRET")
    text = GRAPHML.replace(XML_HEAD, f'<!DOCTYPE g [<!ENTITY x SYSTEM "{tmp_path}/secret">]>').replace(
        ">man<", ">&x;<"
    )
    with pytest.raises(InputError) as caught:
        load_text(tmp_path, "a.graphml", text)
    assert "SECRET" not in str(caught.value)


@pytest.mark.parametrize("cut", range(1, 12))
@pytest.mark.parametrize(("name", "content"), [("a.graphml", GRAPHML), ("a.gexf", GEXF), ("a.gml", GML)])
def test_files_cut_off_anywhere(tmp_path, name, content, cut):
    refused((name,), load_text, tmp_path, name, content[: len(content) * cut // 12])


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize(("name", "content"), [("a.graphml", GRAPHML), ("a.gexf", GEXF), ("a.gml", GML)])
def test_damaged_bytes_give_a_network_or_an_input_error(tmp_path, name, content, seed):
    random = np.random.default_rng(seed)
    damaged = bytearray(content.encode())
    for at in random.integers(0, len(damaged), 3):
        damaged[at] = random.choice(list(b'<>"&[]=a0 \n/\xff'))
    try:
        network = load_text(tmp_path, name, bytes(damaged))
    except (InputError, UserWarning):
        return
    assert network.n_people >= 2


# Paths and arguments


def test_missing_file_names_the_nearest(tmp_path):
    (tmp_path / "people.graphml").write_text(GRAPHML)
    refused(
        ("path", "does not exist", "did you mean 'people.graphml'?"),
        load,
        tmp_path / "peple.graphml",
        group="gender",
        marginalized="woman",
    )


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        (".", ("path", "ordinary file")),
        (None, ("path", "None")),
        (3, ("path", "3")),
        ("a\0b.gml", ("path", "does not exist")),
        ("x" * 5000 + ".gml", ("path", "usable path")),
        (b"\xff.gml", ("path",)),
        (["a.gml"], ("path", "['a.gml']")),
        ("/nowhere/at/all.gml", ("path", "/nowhere/at/all.gml", "does not exist")),
    ],
)
def test_paths(path, parts):
    refused(parts, load, path, group="gender", marginalized="woman")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_files_that_may_not_be_read(tmp_path):
    path = tmp_path / "a.graphml"
    path.write_text(GRAPHML)
    path.chmod(0)
    refused(("path", "may not be read"), load, path, group="gender", marginalized="woman")


@pytest.mark.parametrize(
    ("asked", "parts"),
    [
        (
            {"format": "graphlm"},
            ("format", "'graphlm'", "did you mean 'graphml'?", "graphml, gexf, gml, csv, tsv"),
        ),
        ({"format": 3}, ("format", "3", "graphml, gexf, gml, csv, tsv")),
        ({"nodes": "people.csv"}, ("nodes", "'people.csv'", "list of ties", "graphml")),
        ({"directed": "no"}, ("directed", "'no'", "any, mutual")),
        ({"weight": "w"}, ("weight", "'w'", "min_weight")),
        ({"weight": "w", "min_weight": 1}, ("weight", "'w'", "every tie")),
        ({"group": None}, ("group", "None", "name of an attribute")),
        ({"marginalized": "Woman"}, ("marginalized", "'Woman'", "did you mean 'woman'?")),
    ],
)
def test_arguments_of_load(tmp_path, asked, parts):
    path = tmp_path / "a.graphml"
    path.write_text(GRAPHML)
    refused(parts, load, path, **{"group": "gender", "marginalized": "woman", **asked})


# Tables

TIES = "source,target,hours\na,b,1\nb,c,2\n"
TABLE = "id,gender\na,man\nb,woman\nc,man\n"
WEIGHT = {"weight": "hours", "min_weight": 1}


@pytest.mark.parametrize(
    ("ties", "people", "asked", "parts"),
    [
        (TIES + "a,d,1\n", TABLE, {}, ("ties.csv", "row 4", "'d'", "not in the table of people")),
        (TIES + "a,C,1\n", TABLE, {}, ("ties.csv", "row 4", "'C'", "did you mean 'c'?")),
        (TIES + ",a,1\n", TABLE, {}, ("ties.csv", "row 4", "'source'", "blank", "must be filled")),
        (TIES + "a, ,1\n", TABLE, {}, ("ties.csv", "row 4", "'target'", "blank", "must be filled")),
        (TIES + "a\n", TABLE, {}, ("ties.csv", "row 4", "'target'", "blank", "must be filled")),
        ("source,target\na,b\n\nb,c\n", TABLE, {}, ("ties.csv", "row 3", "'source'", "blank")),
        (TIES + "a,b,1,7\n", TABLE, {}, ("ties.csv", "cannot be read as csv", "line 4")),
        ("source,target\na,b,1,7\nb,c,1,8\n", TABLE, {}, ("ties.csv", "cannot be read as csv")),
        ("a,b\nb,c\n", TABLE, {}, ("ties.csv", "header", "'a', 'b'")),
        ("source\na\n", TABLE, {}, ("ties.csv", "one column", "'source'", "must have two")),
        ("source;target\na;b\n", TABLE, {}, ("ties.csv", "one column", "'source;target'", "must have two")),
        ("source,source\na,b\n", TABLE, {}, ("ties.csv", "cannot be read as csv", "Duplicate")),
        ('source,target\n"a,b\nb,c\n', TABLE, {}, ("ties.csv", "cannot be read as csv")),
        ("", TABLE, {}, ("ties.csv", "empty")),
        ("\n\n", TABLE, {}, ("ties.csv", "empty")),
        (b"source,target\na,\xe9\n", TABLE, {}, ("ties.csv", "UTF-8", "line 2")),
        (os.urandom(3000), TABLE, {}, ("ties.csv",)),
        (TIES.encode("utf-16"), TABLE, {}, ("ties.csv", "UTF-8")),
        (TIES, b"id,gender\na,\xff\n", {}, ("people.csv", "UTF-8", "line 2")),
        (TIES, TABLE + "a,man\n", {}, ("people.csv", "row 5", "'a'", "more than once", "one row")),
        (TIES, TABLE + " a ,man\n", {}, ("people.csv", "row 5", "'a'", "more than once", "one row")),
        (TIES, TABLE + "d,\n", {}, ("people.csv", "row 5", "'gender'", "blank", "must be filled")),
        (TIES, TABLE + "d\n", {}, ("people.csv", "row 5", "'gender'", "blank", "must be filled")),
        (TIES, TABLE + ",man\n", {}, ("people.csv", "row 5", "'id'", "blank", "must be filled")),
        (TIES, "id,gender\n", {}, ("people.csv", "no people", "at least one row")),
        (TIES, "", {}, ("people.csv", "empty")),
        (TIES, TABLE, {"group": "Gender"}, ("group", "'Gender'", "did you mean 'gender'?", "'id', 'gender'")),
        (TIES, TABLE, {"group": "age"}, ("group", "'age'", "'id', 'gender'")),
        (TIES, TABLE, {"marginalized": "women"}, ("marginalized", "'women'", "did you mean 'woman'?")),
        (TIES, TABLE.replace("woman", "man"), {"marginalized": "man"}, ("everybody", "allow_one_group")),
        (TIES, TABLE, {"nodes": "nowhere.csv"}, ("nodes", "nowhere.csv", "does not exist")),
        (TIES, TABLE, {"nodes": 7}, ("nodes", "7", "path")),
        (TIES, TABLE, {"nodes": "."}, ("nodes", "ordinary file")),
        (TIES, TABLE, {"weight": "hour", "min_weight": 1}, ("weight", "'hour'", "did you mean 'hours'?")),
        (TIES.replace("2", "two"), TABLE, WEIGHT, ("row 3", "'hours'", "'two'", "finite number")),
        (TIES.replace("2", "nan"), TABLE, WEIGHT, ("row 3", "'hours'", "'nan'", "finite number")),
        (TIES.replace("2", "inf"), TABLE, WEIGHT, ("row 3", "'hours'", "'inf'", "finite number")),
        (TIES.replace(",2", ","), TABLE, WEIGHT, ("row 3", "'hours'", "blank", "must be filled")),
        (TIES.replace("2", "1e999"), TABLE, WEIGHT, ("row 3", "'hours'", "'1e999'", "finite number")),
        (TIES.replace("2", "__import__('os')"), TABLE, WEIGHT, ("row 3", "'hours'", "finite number")),
        (TIES, TABLE, {"format": "tsv"}, ("ties.csv", "one column", "must have two")),
    ],
)
def test_tables(tmp_path, ties, people, asked, parts):
    for name, content in (("ties.csv", ties), ("people.csv", people)):
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    asked = {"group": "gender", "marginalized": "woman", "nodes": tmp_path / "people.csv", **asked}
    refused(parts, load, tmp_path / "ties.csv", **asked)
