import hashlib
import re
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

import networkx as nx
import pytest

from sim import networks
from sim.networks import NetworkWarning, load

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


@contextmanager
def announces(pattern):
    """Expect such a warning, maybe among others (which `pytest.warns(match=...)` would raise again)."""
    with pytest.warns(NetworkWarning) as caught:
        yield
    assert any(re.search(pattern, str(one.message)) for one in caught)


def people_and_ties(name, attribute):
    """Read a GraphML file without NetworkX and without the loader."""
    text = (DATA / name).read_text()
    key = re.search(rf'<key id="(\w+)" for="node" attr.name="{attribute}"', text)[1]
    people = {}
    for person, body in re.findall(r'<node id="([^"]+)">(.*?)</node>', text, re.S):
        people[person] = re.search(rf'<data key="{key}">([^<]*)</data>', body)[1]
    ties = re.findall(r'<edge source="([^"]+)" target="([^"]+)"(?:[^>]*/>|[^>]*>(.*?)</edge>)', text, re.S)
    return people, [(a, b, re.findall(r">([^<]*)</data>", body)) for a, b, body in ties]


def real(name):
    if not (DATA / name).exists():
        pytest.skip(f"{name} is not part of this checkout")
    return DATA / name


@pytest.mark.parametrize("name", ["law_firm_friendship.graphml", "law_firm_cowork.graphml"])
@pytest.mark.parametrize(("group", "marginalized"), [("gender", "woman"), ("status", "associate")])
@pytest.mark.parametrize("directed", ["any", "mutual"])
def test_law_firm(name, group, marginalized, directed):
    path = real(name)
    people, nominations = people_and_ties(name, group)
    named = {(a, b) for a, b, _ in nominations}
    expected = {frozenset(pair) for pair in named if directed == "any" or pair[::-1] in named}
    with announces(f"{len(nominations)} directed nominations .* '{directed}'"):
        network = load(path, group=group, marginalized=marginalized, directed=directed)
    assert network.labels == tuple(people)
    assert (network.n_people, network.n_ties) == (71, len(expected))
    counts = Counter(people.values())
    assert network.n_marginalized == counts[marginalized] == {"woman": 18, "associate": 35}[marginalized]
    assert {frozenset(tie) for tie in network.to_networkx().edges()} == expected
    alone = sum(not any(person in tie for tie in expected) for person in people)
    assert network.measures()["n_isolated"] == alone
    assert any(f"{alone} of 71 people have no ties" in note for note in network.notes) == (alone > 0)


def test_law_firm_counts_are_the_published_ones():
    with pytest.warns(NetworkWarning):
        friends = load(real("law_firm_friendship.graphml"), group="gender", marginalized="woman")
    assert friends.n_ties == 399
    assert friends.group_names == ("man", "woman")


@pytest.mark.parametrize("least", [None, 2, 50])
def test_workplace_contacts(least):
    path = real("workplace_contacts.graphml")
    people, contacts = people_and_ties("workplace_contacts.graphml", "department")
    expected = {frozenset((a, b)) for a, b, (n,) in contacts if least is None or int(n) >= least}
    asked = {} if least is None else {"weight": "contacts", "min_weight": least}
    warning = "'contacts' is ignored" if least is None else f"ties dropped: contacts below {least}"
    with announces(warning):
        network = load(path, group="department", marginalized=["DISQ", "SRH"], **asked)
    assert (network.n_people, network.n_ties) == (217, len(expected))
    assert {frozenset(tie) for tie in network.to_networkx().edges()} == expected
    assert network.n_marginalized == sum(group in ("DISQ", "SRH") for group in people.values())
    assert network.group_names == ("not DISQ or SRH", "DISQ or SRH")
    assert network.source == {
        "file": path.name,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "format": "graphml",
        "group": "department",
        "marginalized": ["DISQ", "SRH"],
        "directed": "any",
        **asked,
    }


# Every format says the same


def sample():
    graph = nx.Graph()
    graph.add_nodes_from(["zoë", "01", "bert & co", "anna"], gender="man")
    graph.nodes["01"]["gender"] = graph.nodes["anna"]["gender"] = "woman"
    graph.add_edges_from([("zoë", "01"), ("01", "bert & co"), ("bert & co", "anna")])
    return graph


def written(graph, folder, format):
    path = folder / f"people.{format}"
    if format in ("csv", "tsv"):
        sep = "," if format == "csv" else "\t"
        ties = [f"source{sep}target", *(sep.join(tie) for tie in graph.edges())]
        path.write_text("\n".join(ties) + "\n", "utf-8")
        rows = [sep.join((name, data["gender"])) for name, data in graph.nodes(data=True)]
        nodes = folder / f"nodes.{format}"
        nodes.write_text("\n".join([f"name{sep}gender", *rows]), "utf-8")
        return path, {"nodes": nodes}
    {"graphml": nx.write_graphml, "gexf": nx.write_gexf, "gml": nx.write_gml}[format](graph, path)
    return path, {}


@pytest.mark.parametrize("format", ["graphml", "gexf", "gml", "csv", "tsv"])
def test_all_formats_give_the_same_network(format, tmp_path):
    path, more = written(sample(), tmp_path, format)
    expected = networks.from_networkx(sample(), group="gender", marginalized="woman")
    network = load(path, group="gender", marginalized="woman", **more)
    assert network == expected
    assert network.source["format"] == format
    assert network.source["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    other = path.rename(tmp_path / "people.data")
    assert load(str(other), group="gender", marginalized="woman", format=format, **more) == expected


def test_gml_without_labels_is_read_by_id(tmp_path):
    path = tmp_path / "a.gml"
    path.write_text('graph [ node [ id 5 g "a" ] node [ id 3 g "b" ] edge [ source 5 target 3 ] ]')
    assert load(path, group="g", marginalized="b").labels == (5, 3)


def test_numbers_in_graph_files_can_be_typed_as_text(tmp_path):
    graph = nx.path_graph(3)
    nx.set_node_attributes(graph, {0: 1, 1: 2, 2: 2}, "floor")
    nx.write_graphml(graph, tmp_path / "a.graphml")
    with announces("'2' stands for the value 2"):
        network = load(tmp_path / "a.graphml", group="floor", marginalized="2")
    assert network.is_marginalized.tolist() == [False, True, True]
    assert network.labels == ("0", "1", "2")


# Tables


def tables(folder, ties, people="who,g\na,x\nb,y\nc,x\n"):
    (folder / "ties.csv").write_text(ties, "utf-8")
    (folder / "people.csv").write_text(people, "utf-8")
    return folder / "ties.csv", folder / "people.csv"


def read(folder, ties, people="who,g\na,x\nb,y\nc,x\n", **asked):
    ties, people = tables(folder, ties, people)
    return load(ties, nodes=people, **{"group": "g", "marginalized": "y", **asked})


@pytest.mark.parametrize(
    "ties",
    [
        "source,target\na,b\nb,c\n",
        "source,target\r\na,b\r\nb,c\r\n\r\n",
        "\ufeffsource,target\na,b\nb,c",
        '"source" , "target"\n a , b \n"b","c"\n',
        "when,Target,Source\n1,a,b\n2,c,b\n",
        "to,from,n\nb,a,1\nc,b,1\n",
        "ego,alter,note\na,b,\nb,c,friends\n",
    ],
)
def test_lists_of_ties_may_be_written_in_many_ways(ties, tmp_path):
    network = read(tmp_path, ties)
    assert network.labels == ("a", "b", "c")
    assert [network.neighbours_of(person).tolist() for person in range(3)] == [[1], [0, 2], [1]]
    assert network.notes == ()


@pytest.mark.parametrize(
    "people",
    [
        "who,g\na,x\nb,y\nc,x\n",
        "g,ID,name\nx,a,Ann\ny,b,Bob\nx,c,Cleo\n",
        "g,Name\nx,a\ny,b\nx,c",
        "who, g \n a,x\nb, y\nc,x",
    ],
)
def test_tables_of_people_may_be_written_in_many_ways(people, tmp_path):
    network = read(tmp_path, "source,target\na,b\nb,c\n", people)
    assert network.labels == ("a", "b", "c")
    assert network.is_marginalized.tolist() == [False, True, False]


def test_people_without_ties_are_kept_in_the_order_of_their_table(tmp_path):
    with announces("1 of 3 people have no ties"):
        network = read(tmp_path, "source,target\nc,b\n")
    assert network.labels == ("a", "b", "c")
    assert network.degree.tolist() == [0, 1, 1]


def test_names_that_look_alike_stay_apart(tmp_path):
    network = read(tmp_path, "s,t\n1,01\n01,NA\nNA,1.0\n", "id,g\n1,x\n01,y\n1.0,x\nNA,x\n")
    assert network.labels == ("1", "01", "1.0", "NA")
    assert network.n_ties == 3


def test_lists_with_both_directions_are_nominations(tmp_path):
    ties = "source,target\na,b\nb,a\nb,c\n"
    with announces(r"3 directed nominations \(1 pairs mutual\) made 2 ties"):
        assert read(tmp_path, ties).n_ties == 2
    with announces("made 1 tie by the rule 'mutual'"):
        assert read(tmp_path, ties, directed="mutual").n_ties == 1


def test_rows_that_repeat_and_loops_are_announced(tmp_path):
    with pytest.warns(NetworkWarning) as caught:
        network = read(tmp_path, "source,target\na,b\na,b\nc,c\nb,c\n")
    said = " / ".join(str(one.message) for one in caught)
    assert "1 parallel tie merged" in said
    assert "1 tie from a person to themselves dropped" in said
    assert network.n_ties == 2
    assert all(one.filename == __file__ for one in caught)


@pytest.mark.parametrize(("least", "n_ties"), [(0, 2), (1.5, 1), (9, 0)])
def test_weights_of_tables(tmp_path, least, n_ties):
    ties = "source,target,hours\na,b,1e0\nb,c, 2.5\n"
    with announces(f"{2 - n_ties} of 2 ties dropped: hours below {least:g}"):
        network = read(tmp_path, ties, weight="hours", min_weight=least)
    assert network.n_ties == n_ties


def test_no_ties_at_all_are_a_network(tmp_path):
    with announces("3 of 3 people have no ties"):
        assert read(tmp_path, "source,target\n").n_ties == 0


def test_large_lists_are_read_quickly(tmp_path):
    network = networks.two_groups(30_000, mean_degree=10, seed=1)
    graph_ties = "\n".join(f"p{a},p{b}" for a, b in network.to_networkx().edges())
    people = "\n".join(f"p{person},{int(group)}" for person, group in enumerate(network.is_marginalized))
    start = time.perf_counter()
    with pytest.warns(NetworkWarning):
        again = read(tmp_path, f"source,target\n{graph_ties}\n", f"id,g\n{people}\n", marginalized="1")
    assert time.perf_counter() - start < 30
    assert again.digest() == network.digest()
