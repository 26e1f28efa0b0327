"""A browser for the tests of the explorer and the app, if there is one; otherwise the reason why there is none."""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
from collections.abc import Iterator

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-sync"]


@functools.cache
def missing() -> str:
    """Return what keeps the tests from driving a browser, or nothing."""
    try:
        import playwright.sync_api  # noqa: F401
    except ImportError:
        return "playwright is not installed (pip install -e '.[browser]')"
    return "" if chromium() else f"no Chromium: none of {', '.join(NAMES)} is on the path, and CHROMIUM names none"


def chromium() -> str | None:
    """Return the path of a Chromium."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


needs_browser = pytest.mark.skipif(bool(missing()), reason=missing() or "there is one")


@contextlib.contextmanager
def browser() -> Iterator:
    """Start a headless browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=chromium(), args=FLAGS)
        try:
            yield started
        finally:
            started.close()


class Visitor:
    """Somebody with the page open: finds, presses, types, looks; and keeps count."""

    def __init__(self, browser, address: str, **settings):
        self.address = address
        usual = {"viewport": {"width": 1280, "height": 800}, "locale": "en-US", "reduced_motion": "reduce"}
        settings = usual | settings
        self.context = browser.new_context(**settings, accept_downloads=True)
        self.page = self.context.new_page()
        self.problems: list[str] = []
        self.requests: list[str] = []
        self.interactions = 0
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("console", self._heard)
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(address)

    def _heard(self, message) -> None:
        if message.type in ("error", "warning"):
            self.problems.append(message.text)

    def press(self, selector: str, **how) -> None:
        """Click on something."""
        self.interactions += 1
        self.page.locator(selector).first.click(**how)

    def key(self, *names: str) -> None:
        """Press keys one after the other."""
        for name in names:
            self.interactions += 1
            self.page.keyboard.press(name)

    def slide(self, selector: str, value) -> None:
        """Move a slider, or choose from a list."""
        self.interactions += 1
        place = self.page.locator(selector)
        if place.evaluate("e => e.tagName") == "SELECT":
            place.select_option(str(value))
        else:
            place.evaluate("(e, v) => { e.value = v; e.dispatchEvent(new Event('input', {bubbles: true}));"
                           " e.dispatchEvent(new Event('change', {bubbles: true})); }", str(value))  # fmt: skip

    def wait(self, condition: str, seconds: float = 60) -> None:
        """Wait until something is true in the page (its policy forbids to do that from within)."""
        for _ in range(int(seconds * 20)):
            if self.page.evaluate(condition):
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"never came true: {condition}")

    def run(self) -> None:
        """Press the one button and wait for the end of the run."""
        self.press("#run")
        self.wait("allyship.app.revealed && !allyship.app.working && allyship.app.run.setup === allyship.app.setup")

    def text(self, selector: str) -> str:
        """Return the words of an element."""
        return self.page.locator(selector).first.inner_text()

    def is_shown(self, selector: str) -> bool:
        """Tell whether an element can be seen."""
        return self.page.locator(selector).first.is_visible()

    def app(self, path: str):
        """Return a part of the page's state."""
        return self.page.evaluate(f"allyship.app.{path}")

    def visit(self, hash_part: str) -> None:
        """Open the page anew under a link."""
        self.interactions += 1
        self.page.goto("about:blank")
        self.page.goto(self.address + hash_part)


def run_thirty(visitor):
    visitor.press("#run-many")
    visitor.wait("!!allyship.app.many && !allyship.app.working")
