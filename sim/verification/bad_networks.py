"""Malformed networks and designs: pairs of what is wrong and a function that has to refuse it."""

from __future__ import annotations

import inspect
import itertools
import math
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from sim.networks import GENERATORS, from_edges, load
from sim.sweeps import sweep
from sim.sweeps.points import sweepable
from sim.verification.bad_runs import Attempt

BAD_GENERATED = {
    "n_people": (0, -1, 1.5, math.nan, math.inf, None, "100", True, [100]),
    "marginalized_share": (-0.1, 1.1, math.nan, math.inf, None, "half", True),
    "mean_degree": (-1, math.nan, math.inf, None, "ten", True, 1000),
    "homophily": (-1.1, 1.1, math.nan, None, "high", True),
    "rewiring": (-0.1, 1.1, math.nan, None, "some", True),
    "groups": ("", "clusterd", None, 1),
    "seed": (-1, 1.5, 2**64, None, "7", True, math.nan),
}
BAD_PAIRS = ([(0, 3)], [(-1, 0)], [(0, 2**70)], [(0.0, 1.0)], [(0, math.nan)], [("a", "b")], [(True, False)],
             [(None, 1)], [(0, 1, 2)], [0, 1], [(0, 1), (2,)], 7, "ab", {(0, 1)}, None)  # fmt: skip
BAD_GROUPS = ([], [[True, False]], [0, 1, 2], [0.0, 1.0, 0.0], ["no", "yes", "no"], [None, True, False], True)


def bad_generated() -> Iterator[Attempt]:
    """Every argument of every generator with values that it cannot have, and bad lists of ties and groups."""
    for family, generate in GENERATORS.items():
        for name in set_of_arguments(generate):
            for value in BAD_GENERATED.get(name, ()):
                arguments = {"n_people": 50, "seed": 1, name: value}
                yield f"{family}: {name} = {value!r:.40}", partial(generate, **arguments)
    for pairs in BAD_PAIRS:
        yield f"pairs {pairs!r:.40}", partial(from_edges, pairs, [False, True, False])
    for groups in BAD_GROUPS:
        yield f"groups {groups!r:.40}", partial(from_edges, [], groups)


def set_of_arguments(function) -> list[str]:
    """Return the names of the arguments of a function, in order."""
    return list(inspect.signature(function).parameters)


GRAPHML = """<?xml version="1.0"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
<key id="g" for="node" attr.name="gender" attr.type="string"/>
<graph edgedefault="undirected">
<node id="a"><data key="g">man</data></node>
<node id="b"><data key="g">woman</data></node>
<edge source="a" target="b"/>
</graph></graphml>"""
GEXF = """<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2"><graph>
<attributes class="node"><attribute id="0" title="gender" type="string"/></attributes>
<nodes><node id="a"><attvalues><attvalue for="0" value="man"/></attvalues></node>
<node id="b"><attvalues><attvalue for="0" value="woman"/></attvalues></node></nodes>
<edges><edge source="a" target="b"/></edges></graph></gexf>"""
GML = """graph [
node [ id 0 label "a" gender "man" ]
node [ id 1 label "b" gender "woman" ]
edge [ source 0 target 1 ]
]"""
GOOD_FILES = {"a.graphml": GRAPHML, "a.gexf": GEXF, "a.gml": GML}
CHANGES = {  # what is replaced by what
    "a.graphml": [('<?xml version="1.0"?>', "<!DOCTYPE graphml>"), (">man<", ">&man;<"), ('id="b"', 'id="a"'),
                  ('node id="b"', "node"), ('target="b"', 'target="c"'), (' target="b"', ""), ('key="g"', 'key="h"'),
                  ('"string"', '"int"'), ('"string"', '"colour"'), ('"gender"', '"sex"'),
                  ("<edge ", "<hyperedge/><edge "), ("</graph>", "</graph><graph/>"),
                  ("<edge", '<node id="c"/><edge'), ("woman", "man")],
    "a.gexf": [('target="b"', 'target="c"'), ("1.2draft", "9.9"), ('for="0"', 'for="7"'), ("woman", "man")],
    "a.gml": [('"b"', '"b'), ("id 0", "id ?"), ("target 1", "target 7"), ("id 1", "id 0"), ('"b"', '"a"'),
              ("woman", "man"), ("graph [", "grph [")],
}  # fmt: skip
CUTS = 24


def bad_files() -> Iterator[tuple[str, str, str]]:
    """Return names and contents of files that are cut off anywhere, changed in one place, or something else."""
    for name, good in GOOD_FILES.items():
        for cut in range(CUTS):
            yield f"{name} cut off at {cut}/{CUTS}", name, good[: len(good) * cut // CUTS]
        for old, new in CHANGES[name]:
            yield f"{name} with {new!r} for {old!r}", name, good.replace(old, new)
        for other in GOOD_FILES.values():
            if other != good:
                yield f"{name} of another format", name, other
    yield "web page", "a.graphml", "<html><body/></html>"
    yield "other ending", "a.pkl", GRAPHML
    yield "no ending", "people", GRAPHML
    yield "ties without people", "a.csv", "source,target\na,b\n"


def read(name: str, content: str):
    """Write a file and load it as a network."""
    with tempfile.TemporaryDirectory(prefix="allyship-") as folder:
        path = Path(folder, name)
        path.write_text(content, encoding="utf-8")
        return load(path, group="gender", marginalized="woman")


def bad_network_files() -> Iterator[Attempt]:
    """Read every bad file."""
    for about, name, content in bad_files():
        yield about, partial(read, name, content)


BAD_AXES = ([], [math.nan], [math.inf], [[0.5]], [None], {"from": 0.1}, {"from": 0.9, "to": 0.1, "count": 3},
            {"from": 0, "to": 1, "count": 3, "by": 2}, {"from": math.nan, "to": 1, "count": 3})  # fmt: skip
BAD_DESIGNS = (
    {"replicates": 0}, {"replicates": 2.0}, {"replicates": -3}, {"replicates": "two"}, {"seed": -1}, {"seed": 1.5},
    {"luck": "none"}, {"kind": "gird"}, {"kind": None}, {"count": 4},
    {"kind": "sobol", "loyalty": {"from": 0, "to": 1}}, {"kind": "sobol", "count": 4, "loyalty": [0.1]},
    {"kind": "table"}, {"kind": "table", "rows": [3]},
    {"kind": "table", "rows": [{"loyalti": 1}]}, {"rows": [{"loyalty": 0.5}]}, {"base": {"loyalty": 0.5}},
    {"kind": "refined", "loyalty": [0.1, 0.2]}, {"parameters": 3}, {"networks": {"mine": 3}},
    {"networks": {"mine": {"family": "tree"}}, "network": "mine"}, {"preset": "holow"}, {"network": "two_group"},
    {"network": "small_world", "network_homophily": 0.5}, {"precision": {"measure": "ally_share"}},
    {"ramp": {"parameter": "loyalty", "values": [0.1]}}, {"ramp": {"parameter": "loyalty", "values": [], "hold": 5}},
    {"loyalty": {"from": 0, "to": 1, "count": 3000}, "noise": {"from": 0, "to": 1, "count": 3000}},
)  # fmt: skip


def swept(about: dict):
    """Sweep a design in a folder that must not be made."""
    with tempfile.TemporaryDirectory(prefix="allyship-") as work:
        try:
            return sweep(about, Path(work, "new"), executor="threads", workers=1)
        finally:
            if Path(work, "new").exists():
                raise RuntimeError("a folder was made")


def bad_designs() -> Iterator[Attempt]:
    """Everything that can be swept with values that it cannot have, and misspelt; and designs broken otherwise."""
    for name, values in itertools.product(sweepable(), BAD_AXES):
        yield f"design: {name} = {values!r:.50}", partial(swept, {"replicates": 1, "steps": 1, name: values})
    for name in sweepable():
        yield f"design: misspelt {name}", partial(swept, {"replicates": 1, "steps": 1, name[:-1] + "_": [1]})
    for about in BAD_DESIGNS:
        yield f"design: {about!r:.60}", partial(swept, {"steps": 1} | about)
