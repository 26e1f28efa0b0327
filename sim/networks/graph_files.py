"""Graph files (GraphML, GEXF, GML), read by NetworkX after a check that they are harmless and whole."""

from __future__ import annotations

import warnings
from io import BytesIO
from xml.parsers import expat

from sim.checks import InputError, shown

GRAPH_FORMATS = ("graphml", "gexf", "gml")
_DEEPEST = 100  # nesting of XML elements; honest files need about six


def read_graph(content: bytes, format: str, name: str):
    """Return the NetworkX graph in `content`, the bytes of the file called `name`.

    Raises
    ------
    InputError
        If the file is not in this format, is broken, describes a person twice or holds more than one graph,
        or if its XML declares a document type or entities (which could read other files or fill the memory).
    """
    if format == "gml":
        return _read(lambda: _read_gml(decoded(content, name)), format, name)
    _check_xml(content, format, name)
    return _read(lambda: _read_xml(content, format), format, name)


def _read(reader, format: str, name: str):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # NetworkX on the finer points of a format
            return reader()
    except InputError:
        raise
    except RecursionError:
        raise InputError(f"'{name}' cannot be read as {format}: it is nested too deeply") from None
    except Exception as problem:
        # NetworkX answers broken files with many kinds of exceptions, KeyError and AttributeError among them.
        reason = " ".join(str(problem).split())[:200]
        raise InputError(
            f"'{name}' cannot be read as {format}: {type(problem).__name__}{f': {reason}' if reason else ''}"
        ) from None


def _read_gml(text: str):
    import networkx as nx

    try:
        return nx.parse_gml(text)  # people are called by their labels
    except nx.NetworkXError as problem:
        if "no 'label' attribute" not in str(problem):
            raise
        return nx.parse_gml(text, label="id")


def _read_xml(content: bytes, format: str):
    import networkx as nx

    return {"graphml": nx.read_graphml, "gexf": nx.read_gexf}[format](BytesIO(content))


def decoded(content: bytes, name: str) -> str:
    """Return the text of a file, which must be UTF-8."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        raise InputError(f"'{name}' is not text in UTF-8 (line {line})") from None


def _check_xml(content: bytes, format: str, name: str) -> None:
    """Refuse XML that is not well-formed or not a plain description of one graph."""
    inspector = _Inspector(format)
    try:
        inspector.parser.Parse(content, True)
        inspector.finish()
    except _Refused as problem:
        raise InputError(f"'{name}' cannot be read as {format}: {problem}") from None
    except expat.ExpatError as problem:
        reason = f"not well-formed XML at line {problem.lineno}: {expat.ErrorString(problem.code)}"
        raise InputError(f"'{name}' cannot be read as {format}: {reason}") from None
    except (ValueError, LookupError) as problem:  # an encoding that does not exist
        raise InputError(f"'{name}' cannot be read as {format}: {problem}") from None


class _Refused(Exception):
    """What is wrong with a file, and in which line."""


class _Inspector:
    """Walks through the elements of an XML file without building anything from them."""

    def __init__(self, format: str):
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.StartDoctypeDeclHandler = self.refuse_declaration
        self.parser.EntityDeclHandler = self.refuse_declaration
        self.format = format
        self.depth = 0
        self.n_graphs = 0
        self.people = set()
        self.ends = []

    def start(self, element, attributes):
        element = element.rpartition(":")[2]
        if not self.depth and element != self.format:
            self.refuse(f"the outermost element is <{element[:60]}>; it must be <{self.format}>")
        self.depth += 1
        if self.depth > _DEEPEST:
            self.refuse(f"it is nested too deeply; at most {_DEEPEST} levels are allowed")
        if element == "graph":
            self.n_graphs += 1
        elif element == "node":
            self.person(attributes)
        elif element == "edge":
            self.tie(attributes)

    def end(self, _):
        self.depth -= 1

    def person(self, attributes):
        person = attributes.get("id")
        if person is None:
            self.refuse("a person (node) has no id; every person must have one")
        if person in self.people:
            self.refuse(f"person {shown(person)} occurs more than once; every id must be different")
        self.people.add(person)

    def tie(self, attributes):
        for end in ("source", "target"):
            if end not in attributes:
                self.refuse(f"a tie (edge) has no {end}; every tie must have a source and a target")
            self.ends.append((attributes[end], self.parser.CurrentLineNumber))

    def refuse_declaration(self, *_):
        self.refuse("declarations of document types and entities (DOCTYPE, ENTITY) are not allowed")

    def refuse(self, reason, line=None):
        raise _Refused(f"line {line or self.parser.CurrentLineNumber}: {reason}")

    def finish(self):
        """Ask what can be asked only at the end of the file."""
        if self.n_graphs != 1:
            raise _Refused(f"it holds {self.n_graphs} graphs; exactly one is allowed")
        for person, line in self.ends:
            if person not in self.people:
                self.refuse(f"a tie names {shown(person)}, who is not among the people (nodes)", line)
