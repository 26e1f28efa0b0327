"""Links that are right in the folders of the project, made right on the site, where some pages stand elsewhere."""

import os
import re

PAGES = {  # by path from docs/
    "../README.md": "index.md",
    "../CHANGELOG.md": "changelog.md",
    "../CONTRIBUTING.md": "contributing.md",
    "../experiments/README.md": "experiments.md",
    "../results/verification/verification.md": "verification.md",
}
CODE = re.compile(r"(^(`{3,}).*?^\2$)", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[([^\[\]]*)\]\(([^()#:\s]+)(#[\w-]+)?\)")


def mended(text: str, written_in: str, read_in: str, docs: str) -> str:
    """Return a text that was written in one folder, with links that hold for a page in another, seen from `docs`."""

    def moved(link: re.Match) -> str:
        words, path, anchor = link.groups()
        path = os.path.normpath(os.path.join(written_in, path))
        if os.path.isdir(os.path.join(docs, path)):
            return words  # a site has no folders to look into
        page = PAGES.get(path, path)
        # What is no page of the site is loaded.
        scheme = "path:" if page.startswith("../results/") and page.endswith(".md") else ""
        anchor = "" if path == "../README.md" or not anchor else anchor  # the first page has other headings
        return f"[{words}]({scheme}{os.path.relpath(page, read_in or '.')}{anchor})"

    parts = CODE.split(text)  # text, block, its fence, text, ...
    parts[::3] = [LINK.sub(moved, part) for part in parts[::3]]
    return "".join(part for i, part in enumerate(parts) if i % 3 != 2)


def page(app, name, text) -> None:
    """Mend a page."""
    folder = os.path.dirname(name)
    text[0] = mended(text[0], folder, folder, app.srcdir)


def included(app, path, parent, text) -> None:
    """Mend what is read into a page of docs/ from elsewhere."""
    text[0] = mended(text[0], os.path.dirname(path), "", app.srcdir)


def setup(app):
    """Make it known to Sphinx."""
    app.connect("source-read", page)
    app.connect("include-read", included)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
