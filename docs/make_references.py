"""Make references.md, every source of references.bib as a readable line: `python docs/make_references.py`."""

from __future__ import annotations

from pathlib import Path

import bibtexparser

HERE = Path(__file__).resolve().parent
BIB = HERE / "references.bib"
PAGE = HERE / "references.md"

HEAD = """# References

Every source that the code and the pages cite, as author and year. The same as BibTeX: [references.bib](references.bib).
A citation says where a rule or a method comes from. It does not say that the size of a parameter was measured there.

<!-- Made by docs/make_references.py from references.bib: edit that, not this. -->

"""


def entries(text: str) -> list[dict[str, str]]:
    """Return the entries of a BibTeX text as mappings of fields, with ``ID`` and ``ENTRYTYPE``, in their order.

    A text in which something is no entry, cannot be read or has the key of another is refused.
    """
    library = bibtexparser.parse_string(text)
    for block in library.blocks:
        if block not in library.entries:
            raise ValueError(f"references.bib, line {block.start_line + 1}: this is no entry, or its key stands twice")
    return [
        {"ID": entry.key, "ENTRYTYPE": entry.entry_type} | {field.key: field.value for field in entry.fields}
        for entry in library.entries
    ]


def authors(entry: dict[str, str], field: str = "author") -> list[str]:
    """Return the authors (or editors) as "Surname, Initials"; the last may be "others"."""
    return entry[field].split(" and ")


def page(text: str) -> str:
    """Return the page for a BibTeX text."""
    return HEAD + "\n\n".join(map(reference, entries(text))) + "\n"


def reference(entry: dict[str, str]) -> str:
    """Return an entry as one line, nearly as the APA wants it."""
    names = _listed(authors(entry))
    parts = [f"{names if names.endswith('.') else names + '.'} ({entry['year']}).", *_work(entry)]
    if "doi" in entry:
        parts.append(f"<https://doi.org/{entry['doi']}>")
    if "note" in entry:
        parts.append(f"({entry['note']}.)")
    return " ".join(parts).replace("\\&", "&")


def _work(entry: dict[str, str]) -> list[str]:
    kind, title = entry["ENTRYTYPE"], entry["title"]
    stopped = title if title.endswith(("?", "!")) else title + "."
    if kind == "article":
        return [stopped, _where(entry) + "."]
    if kind == "book":
        edition = f" ({entry['edition']} ed.)" if "edition" in entry else ""
        return [f"*{title}*{edition}.", entry["publisher"] + "."]
    if kind == "misc":
        number = entry["eprint"]
        return [stopped, f"{entry['archiveprefix']}. <https://arxiv.org/abs/{number}>"]
    by = ""
    if "editor" in entry:
        editors = authors(entry, "editor")
        turned = " & ".join(_forward(one) for one in editors)
        by = f"{turned} ({'Ed' if len(editors) == 1 else 'Eds'}.), "
    pages = f" (pp. {_dashed(entry['pages'])})" if "pages" in entry else ""
    publisher = [entry["publisher"] + "."] if "publisher" in entry else []
    return [stopped, f"In {by}*{entry['booktitle']}*{pages}.", *publisher]


def _where(entry: dict[str, str]) -> str:
    where = f"*{entry['journal']}*"
    if "volume" in entry:
        where += f", *{entry['volume']}*" + (f"({_dashed(entry['number'])})" if "number" in entry else "")
    return where + (f", {_dashed(entry['pages'])}" if "pages" in entry else "")


def _listed(names: list[str]) -> str:
    if names[-1] == "others":
        return ", ".join(names[:-1]) + ", et al."
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + ", & " + names[-1]


def _forward(name: str) -> str:
    surname, _, initials = name.partition(", ")
    return f"{initials} {surname}".strip()


def _dashed(pages: str) -> str:
    return pages.replace("--", "–").replace("-", "–")


if __name__ == "__main__":
    PAGE.write_text(page(BIB.read_text(encoding="utf-8")), encoding="utf-8")
