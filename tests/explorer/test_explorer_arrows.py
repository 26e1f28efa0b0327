"""Arrow keys walk the network in the direction in which they point."""

from __future__ import annotations

import pytest
from explorer_browser import needs_browser

pytestmark = needs_browser


@pytest.mark.parametrize(("key", "axis", "sign"), [
    ("ArrowRight", 0, 1), ("ArrowLeft", 0, -1), ("ArrowDown", 1, 1), ("ArrowUp", 1, -1)])  # fmt: skip
def test_an_arrow_leads_where_it_points(visitor, key, axis, sign):
    places = visitor.page.evaluate("allyship.NETWORKS.neighbourhood.places")
    here = min(range(len(places)), key=lambda i: abs(places[i][0] - 500) + abs(places[i][1] - 350))
    visitor.page.locator(".person").nth(here).focus()
    visitor.key(key)
    there = visitor.page.evaluate("[...document.querySelectorAll('.person')].indexOf(document.activeElement)")
    assert sign * (places[there][axis] - places[here][axis]) > 0
