"""Make print-ready pages from the texts of this folder: ``python docs/teach/build.py FOLDER`` (A4, offline).

Each .md becomes an .html that needs nothing else and, where a Chromium is on the path, a .pdf. A line ``---`` is a page
break, an empty cell of a table is room to write. Needs markdown-it-py (``pip install markdown-it-py``).
"""

from __future__ import annotations

import base64
import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
STYLE = """
@page { size: A4; margin: 17mm 16mm 19mm;
  @bottom-center { content: "TITLE, page " counter(page); font: 8pt sans-serif } }
body { font: 10.5pt/1.42 Georgia, "DejaVu Serif", serif; color: #111; max-width: 178mm; margin: auto }
h1, h2 { font-family: Helvetica, Arial, sans-serif; line-height: 1.2; break-after: avoid }
h1 { font-size: 19pt; margin: 0 0 8pt } h2 { font-size: 13.5pt; margin: 15pt 0 5pt }
p, ul, ol { margin: 5pt 0 } p { orphans: 3; widows: 3 } li { margin: 2pt 0 } li, tr, blockquote { break-inside: avoid }
table { border-collapse: collapse; width: 100%; margin: 7pt 0; font-size: 9.2pt; break-inside: avoid }
th, td { border: 0.6pt solid #777; padding: 2.5pt 5pt; text-align: left; vertical-align: top }
th { background: #eee; print-color-adjust: exact } thead:not(:has(th:not(:empty))) { display: none }
td:empty { height: 38pt; min-width: 10mm }
.whole { white-space: nowrap } code { font-size: 9pt } hr { border: 0; margin: 0; break-after: page }
img { display: block; width: 150mm; margin: 4pt auto }
blockquote { margin: 6pt 0; padding: 1pt 9pt; border-left: 2.5pt solid #777 }
"""


def html_of(source: Path) -> str:
    """Return one text as a page that needs no other file."""
    from markdown_it import MarkdownIt

    text = source.read_text(encoding="utf-8")
    body = MarkdownIt("commonmark", {"html": True}).enable("table").render(text)
    body = re.sub(r'href="(\w+)\.md', r'href="\1.html', re.sub(r"<!--.*?-->\s*", "", body, flags=re.DOTALL))
    body = re.sub(r'src="([\w-]+\.svg)"', lambda found: f'src="{_inlined(source.with_name(found[1]))}"', body)
    body = re.sub(r"\d+–\d+|\d+ %( \(\d+ to \d+\))?", r'<span class="whole">\g<0></span>', body)
    title = text.splitlines()[0].removeprefix("# ")
    return (f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
            f"<style>{STYLE.replace('TITLE', title)}</style></head><body>\n{body}</body></html>\n")  # fmt: skip


def _inlined(picture: Path) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(picture.read_bytes()).decode()


def print_pdf(browser: str, page: Path) -> None:
    """Print one page to a PDF beside it."""
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    subprocess.run([browser, *flags, f"--print-to-pdf={page.with_suffix('.pdf')}", page.as_uri()],
                   check=True, capture_output=True, timeout=120)  # fmt: skip


def build(folder: Path) -> list[Path]:
    """Write all pages into a folder and return them."""
    folder.mkdir(parents=True, exist_ok=True)
    pages = [folder.resolve() / f"{source.stem}.html" for source in sorted(HERE.glob("*.md"))]
    for page in pages:
        page.write_text(html_of(HERE / f"{page.stem}.md"), encoding="utf-8")
    return pages


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Say where to: python docs/teach/build.py FOLDER")
    if importlib.util.find_spec("markdown_it") is None:
        sys.exit("This needs markdown-it-py, which is not installed: pip install markdown-it-py")
    made = build(Path(sys.argv[1]))
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    for page in made if browser else ():
        print_pdf(browser, page)
    print(f"{len(made)} pages in {sys.argv[1]}, " + ("as HTML and PDF" if browser else "as HTML (no Chromium: no PDF)"))
