"""Somebody with the page open, for the tests in a browser."""

from __future__ import annotations

import pytest
from explorer_browser import Visitor, browser

from sim.explorer.page import MOST_BYTES, write_page


@pytest.fixture(scope="module")
def address(tmp_path_factory) -> str:
    path = tmp_path_factory.mktemp("explorer") / "explorer.html"
    assert write_page(path) < MOST_BYTES
    return path.as_uri()


@pytest.fixture(scope="module")
def chrome():
    with browser() as started:
        yield started


@pytest.fixture
def visitor(chrome, address):
    """Return a visitor; at the end nothing may have gone wrong, and nothing may have been fetched."""
    one = Visitor(chrome, address)
    yield one
    assert not one.problems
    assert {url.split("#")[0] for url in one.requests} - {"about:blank"} <= {address}, one.requests
    one.context.close()
