"""Citations such as "Tajfel & Turner 1979": find them in text, and the entry of the bibliography that each means."""

from __future__ import annotations

import ast
import calendar
import io
import re
import tokenize
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_PARTICLE = r"(?:(?:[Vv]on|[Vv]an|[Dd]e|[Dd]er|[Dd]en|[Dd]i|[Ll]e)\s)*"
_SURNAME = rf"{_PARTICLE}[A-ZÀ-ÖØ-ÞĀ-Ž][\w'’]+(?:-[\w'’]+)*"
_INITIALS = r"(?:,(?:\s?[A-Z]\.(?:-[A-Z]\.)*)+)?"
_AUTHOR = rf"{_SURNAME}{_INITIALS}"
_SEVERAL = rf"{_AUTHOR}(?:,\s{_AUTHOR})*,?\s(?:&|and)\s{_AUTHOR}"
_CITATION = re.compile(
    rf"(?<![\w'’-])(?P<authors>{_SEVERAL}|{_SURNAME}\set\sal\.?|{_AUTHOR}),?\s\(?(?P<year>1[89]\d\d|20\d\d)[a-z]?(?![\w-]|\.\d)"
)
# Words that stand before a year or a number and are nobody's name.
_NO_NAMES = {*calendar.month_name, "In", "By", "Since", "Until", "Of", "From", "The", "To", "Root", "Seed", "Step"}


class Citation(NamedTuple):
    """Surnames as they are written, whether more are meant ("et al."), and the year."""

    surnames: tuple[str, ...]
    and_others: bool
    year: str


def citations(text: str) -> Iterator[Citation]:
    """Yield the citations in a text, in order."""
    for match in _CITATION.finditer(re.sub(r"\s+", " ", text)):
        authors = match["authors"]
        alone = re.sub(r"\set\sal\.?$", "", authors)
        surnames = [re.sub(rf"{_INITIALS}(?:['’]s)?$", "", one) for one in _split(alone)]
        if not _NO_NAMES.intersection(surnames):
            yield Citation(tuple(surnames), alone != authors, match["year"])


def _split(authors: str) -> list[str]:
    """Split "Centola, D., & Macy, M." and "Holland, Laskey & Leinhardt" into authors."""
    return re.findall(rf"(?:^|,?\s(?:&|and)\s|,\s)({_AUTHOR})", authors)


def matching(citation: Citation, bibliography: dict[str, tuple[tuple[str, ...], str]]) -> list[str]:
    """Return the keys that a citation can mean, given the surnames and the year of every key.

    All authors are named, or the first of three or more (or of unlisted ones) with "et al.".
    """
    of_that_year = {key: surnames for key, (surnames, year) in bibliography.items() if year == citation.year}
    return [key for key, surnames in of_that_year.items() if _same(citation, surnames)]


def _same(citation: Citation, surnames: tuple[str, ...]) -> bool:
    named = citation.surnames
    if citation.and_others:
        return _is_one(named[0], surnames[0]) and (len(surnames) > 2 or surnames[-1] == "others")
    return len(named) == len(surnames) and all(map(_is_one, named, surnames))


def _is_one(name: str, other: str) -> bool:
    """Tell whether two spellings are of one name: Latané and Latane, Hässler, Hassler and Haessler."""
    return bool(_spellings(name) & _spellings(other))


def _spellings(name: str) -> set[str]:
    name = name.casefold().replace("’", "'")
    german = name.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
    return {_without_accents(name), _without_accents(german)}


def _without_accents(name: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))


def prose(path: Path) -> str:
    """Return what a file says to people: of Python sources the strings and comments, of others everything."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        return text
    strings = [node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)]
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    comments = [token.string.lstrip("# ") for token in tokens if token.type == tokenize.COMMENT]
    return "\n\n".join([one for one in strings if isinstance(one, str)] + [" ".join(comments)])
