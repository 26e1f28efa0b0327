"""Every citation in code and pages has its one entry in the bibliography, and every entry is cited."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest
from citations import Citation, citations, matching, prose

ROOT = Path(__file__).parents[2]
maker = runpy.run_path(str(ROOT / "docs" / "make_references.py"))
ENTRIES = maker["entries"]((ROOT / "docs" / "references.bib").read_text(encoding="utf-8"))
REQUIRED = {
    "article": {"author", "year", "title", "journal"},
    "book": {"author", "year", "title", "publisher"},
    "incollection": {"author", "year", "title", "booktitle", "editor", "publisher"},
    "inproceedings": {"author", "year", "title", "booktitle"},
    "misc": {"author", "year", "title", "eprint", "archiveprefix"},
}
CITING = sorted(
    file
    for folder, pattern in (("sim", "**/*.*"), ("experiments", "**/*.*"), ("docs", "**/*.md"), (".", "README.md"))
    for file in (ROOT / folder).glob(pattern)
    if file.suffix in {".py", ".md", ".json", ".js", ".html"} and file.name != "references.md"
)


def surnames_and_year(entry):
    return tuple(author.split(",")[0] for author in maker["authors"](entry)), entry["year"]


BIBLIOGRAPHY = {entry["ID"]: surnames_and_year(entry) for entry in ENTRIES}


def test_every_citation_means_exactly_one_entry():
    unclear = [
        f"{file.relative_to(ROOT)}: {citation} means {matching(citation, BIBLIOGRAPHY) or 'no entry'}"
        for file in CITING
        for citation in citations(prose(file))
        if len(matching(citation, BIBLIOGRAPHY)) != 1
    ]
    assert not unclear, "\n".join(unclear)


def test_every_entry_is_cited():
    cited = {key for file in CITING for one in citations(prose(file)) for key in matching(one, BIBLIOGRAPHY)}
    assert not set(BIBLIOGRAPHY) - cited


def test_every_knob_and_intervention_has_sources_that_are_found():
    """The finder reads strings as people do: no source that is a citation slips through it."""
    from sim.interventions import CATALOGUE
    from sim.parameters import KNOBS

    for source in [knob.source for knob in KNOBS] + [entry.source for entry in CATALOGUE.values()]:
        assert len(list(citations(source))) == len(re.findall(r"\b(?:19|20)\d\d\b", source)), source


# === the bibliography ===================================================================================


def test_keys_are_sorted_and_name_the_first_author_and_the_year():
    keys = [entry["ID"] for entry in ENTRIES]
    assert keys == sorted(set(keys))
    for entry in ENTRIES:
        assert re.fullmatch(rf"[a-z]+{entry['year']}", entry["ID"]), entry["ID"]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["ID"])
def test_entries_have_what_their_kind_requires(entry):
    assert REQUIRED[entry["ENTRYTYPE"]] <= {name for name, value in entry.items() if value.strip()}
    assert re.fullmatch(r"(?:18|19|20)\d\d", entry["year"])
    assert re.fullmatch(r"10\.\d{4,}/\S+", entry.get("doi", "10.1000/none"))
    assert entry["ENTRYTYPE"] != "article" or "doi" in entry or "pages" in entry, "nobody could find it"


def test_no_two_entries_are_one_work():
    for field in ("doi", "title"):
        values = [entry[field].casefold() for entry in ENTRIES if field in entry]
        assert len(values) == len(set(values)), field


def test_a_broken_or_doubled_entry_is_refused():
    entry = "@book{a2000,\n  author = {A, B.},\n  year = {2000},\n  title = {T},\n  publisher = {P},\n}\n"
    assert len(maker["entries"](entry)) == 1
    for text in (entry + entry, entry + "@book{b2001,\n  title = {never closed,\n", entry + "stray"):
        with pytest.raises(ValueError):
            maker["entries"](text)


def test_the_page_is_the_one_made_from_the_bibliography():
    text = (ROOT / "docs" / "references.bib").read_text(encoding="utf-8")
    page = (ROOT / "docs" / "references.md").read_text(encoding="utf-8")
    assert page == maker["page"](text), "run: python docs/make_references.py"
    for entry in ENTRIES:
        assert f"({entry['year']})." in page
        assert "doi" not in entry or f"<https://doi.org/{entry['doi']}>" in page


def test_a_reference_is_a_readable_line():
    article = {"ENTRYTYPE": "article", "author": "Ä, B. and C, D.", "year": "2004", "title": "Why?"}
    where = {"journal": "J \\& K", "volume": "7", "number": "1-2", "pages": "3--9", "doi": "10.1000/x"}
    line = maker["reference"](article | where | {"note": "as cited"})
    assert line == "Ä, B., & C, D. (2004). Why? *J & K*, *7*(1–2), 3–9. <https://doi.org/10.1000/x> (as cited.)"
    chapter = {"ENTRYTYPE": "incollection", "author": "A, B. and others", "year": "1951", "title": "T"}
    where = {"booktitle": "S", "editor": "E, F. and G, H.", "publisher": "P", "pages": "1--2"}
    line = maker["reference"](chapter | where)
    assert line == "A, B., et al. (1951). T. In F. E & H. G (Eds.), *S* (pp. 1–2). P."


# === the finder =========================================================================================


@pytest.mark.parametrize(
    "text, found",
    [
        ("as Tajfel & Turner 1979 say", (("Tajfel", "Turner"), False, "1979")),
        ("(Pratto et al. 1994)", (("Pratto",), True, "1994")),
        ("Holland, Laskey & Leinhardt (1983)", (("Holland", "Laskey", "Leinhardt"), False, "1983")),
        ("Monin, Sawyer &\n    Marquez 2008: they", (("Monin", "Sawyer", "Marquez"), False, "2008")),
        ("Slovic 1993a; more", (("Slovic",), False, "1993")),
        ("Watts (2002)", (("Watts",), False, "2002")),
        ("AS 241 (Wichura, 1988)", (("Wichura",), False, "1988")),
        ("Crandall, Eshleman & O'Brien 2002", (("Crandall", "Eshleman", "O'Brien"), False, "2002")),
        ("Matthes, Knoll & von Sikorski 2018", (("Matthes", "Knoll", "von Sikorski"), False, "2018")),
        ("De Souza & Schmader 2022", (("De Souza", "Schmader"), False, "2022")),
        ("Ashburn-Nardo et al. 2014", (("Ashburn-Nardo",), True, "2014")),
        ("L'Ecuyer & Lemieux (2002)", (("L'Ecuyer", "Lemieux"), False, "2002")),
        ("Haessler et al. 2020", (("Haessler",), True, "2020")),
        ("Latané and Darley 1970.", (("Latané", "Darley"), False, "1970")),
        ("Chang, M.-H., & Harrington, J. E. (2020)", (("Chang", "Harrington"), False, "2020")),
        ("Newman's (2003) measure", (("Newman",), False, "2003")),
        ("Onsager, L. (1944)", (("Onsager",), False, "1944")),
    ],
)
def test_the_finder_finds(text, found):
    assert list(citations(text)) == [Citation(*found)]


def test_the_finder_finds_several_in_a_row():
    text = "Park et al. 2022; Moser, Watkins & Branscombe 2024. Blume (1966), *Phys. Rev.* 141, 517, and Capel (1966)"
    assert [one.surnames[0] for one in citations(text)] == ["Park", "Moser", "Blume", "Capel"]


@pytest.mark.parametrize(
    "text", ["In 2018 we", "November 2026", "seed 2001", "Dask 2026.7", "1,116-1,119", "Physical Review 141, 2000-2010"]
)
def test_the_finder_finds_nothing(text):
    assert list(citations(text)) == []


def test_a_citation_that_is_missing_or_not_quite_right_is_seen():
    wrong = "Nobody & Somebody 2004; Tajfel & Turner 1978; Tajfel 1979; Turner & Tajfel 1979; Watts et al. 2002"
    for text in wrong.split("; "):
        (citation,) = citations(text)
        assert matching(citation, BIBLIOGRAPHY) == [], text
    two = {"a": (("Newman",), "2003"), "b": (("Newman",), "2003")}
    assert matching(Citation(("Newman",), False, "2003"), two) == ["a", "b"]


def test_accents_may_be_written_or_left_out():
    for name in ("Hässler", "Haessler", "Hassler"):
        assert matching(Citation((name,), True, "2020"), BIBLIOGRAPHY) == ["hassler2020"]
    assert matching(Citation(("Szabo", "Toke"), False, "1998"), BIBLIOGRAPHY) == ["szabo1998"]


def test_prose_is_what_people_read_in_a_source(tmp_path):
    file = tmp_path / "source.py"
    file.write_text('SOURCE = "Watts " "2002"\n# a comment on Newman\n# 2003, wrapped\nf"{1} Milo et al. 2003"\n')
    assert {one.surnames for one in citations(prose(file))} == {("Watts",), ("Newman",), ("Milo",)}
