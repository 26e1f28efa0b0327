"""The app as visitors use it: served, and driven in a real browser."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time

import pytest
from explorer_browser import Visitor, browser, needs_browser

from sim import simulate
from sim.app.desk import FIRST
from sim.app.server import check_installed
from sim.checks import InputError
from sim.explorer.baked import network

try:
    check_installed()
    WITHOUT = ""
except InputError as problem:
    WITHOUT = str(problem)

pytestmark = [needs_browser, pytest.mark.skipif(bool(WITHOUT), reason=WITHOUT or "it is installed")]
NETWORK, STEP = ".allyship-network svg", ".allyship-network h2"
THUMB = ".knob-{} [role=slider]"
# What Solara's own scripts say to the console of every page.
USUAL = re.compile("Failed to evaluate Vue script and find module.exports")


@pytest.fixture(scope="module")
def address():
    command = [sys.executable, "-m", "sim", "app", "--port", "0", "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as served:
        told = served.stdout.readline()
        try:
            yield re.search(r"http://\S+", told)[0]
        finally:
            served.send_signal(signal.SIGINT)  # with runs that were left going, see the last test
            _, said = served.communicate(timeout=20)
    assert served.returncode == 130 and said.strip() == "stopped"


@pytest.fixture(scope="module")
def chrome():
    with browser() as started:
        yield started


class AppVisitor(Visitor):
    """Somebody with the app open."""

    def __init__(self, chrome, address: str, **settings):
        super().__init__(chrome, address, **settings)
        self.page.wait_for_selector(NETWORK, timeout=60_000)
        self.page.wait_for_selector("text=Put all back")

    def step(self) -> int:
        return int(self.text(STEP).removeprefix("Step "))

    def make_step(self) -> None:
        before = self.step()
        self.press("button:has-text('Step')")
        self.until_step(before + 1)

    def reset(self) -> None:
        self.press("button:has-text('Reset')")
        self.until_step(0)

    def until_step(self, step: int) -> None:
        self.wait(f"document.querySelector('{STEP}').innerText === 'Step {step}'", 20)

    def shown(self) -> str:
        """Return everybody's acts as the network tells them."""
        return ",".join(self.page.locator(f"{NETWORK} title").all_text_contents())

    def until(self, is_so) -> None:
        """Wait until something is so: the server answers in its own time."""
        end = time.monotonic() + 20
        while not is_so():
            assert time.monotonic() < end, f"never came true: {is_so}"
            self.page.wait_for_timeout(50)

    def counts(self) -> str:
        return " ".join(self.text(".allyship-legend").split())

    def put(self, name: str, key: str) -> None:
        """Move a slider by the keyboard."""
        self.page.focus(THUMB.format(name))
        self.key(key)

    def choose(self, label: str, entry: str) -> None:
        self.press(f".v-select:has(label:text-is('{label}')) .v-select__selections")
        self.press(f".menuable__content__active .v-list-item:has-text('{entry}')")

    def type_seed(self, text: str) -> None:
        self.page.get_by_label("Seed of people and luck (at Reset)").fill(text)
        self.page.keyboard.press("Tab")
        self.page.wait_for_timeout(300)  # until the server has it; the page shows nothing of that

    def leave(self) -> None:
        """Close the page; nothing may have gone wrong, and nothing may have come from elsewhere."""
        assert not [text for text in self.problems if not USUAL.search(text)]
        elsewhere = [url for url in self.requests if not url.startswith((self.address, "data:", "blob:"))]
        assert self.requests and not elsewhere
        self.context.close()


@pytest.fixture
def visitor(chrome, address):
    one = AppVisitor(chrome, address)
    yield one
    one.leave()


def test_a_visit_from_the_first_step_to_a_reset(visitor):
    first = visitor.shown()
    visitor.make_step()
    visitor.make_step()
    visitor.press("button:has-text('▶')")
    visitor.wait(f"Number(document.querySelector('{STEP}').innerText.slice(5)) >= 6", 20)
    visitor.press("button:has-text('❚❚')")
    visitor.page.wait_for_selector("button:has-text('▶')")
    visitor.page.wait_for_timeout(500)  # a step under way comes to its end
    paused = visitor.step()
    visitor.page.wait_for_timeout(700)
    assert visitor.step() == paused and visitor.shown() != first
    visitor.reset()
    assert visitor.shown() == first


def test_numbers_act_on_the_run_and_can_be_put_back(visitor):
    visitor.make_step()
    visitor.put("effort", "Home")
    visitor.page.wait_for_selector("text=effort (e) = 0")
    visitor.page.wait_for_selector("text=Put all back (1 changed)")
    for _ in range(3):
        visitor.make_step()
    before = simulate(network=network("neighbourhood"), seed=1, steps=1)
    run = simulate(before.parameters.replace(effort=0.0), network("neighbourhood"), start=before, seed=1, steps=3)
    allies = round(run.history["ally_share"].iloc[-1] * network("neighbourhood").n_advantaged)
    assert visitor.counts().startswith(f"Advantaged group, 45 people ally {allies} token ally")
    visitor.press("[aria-label='Put effort back']")
    visitor.page.wait_for_selector("text=effort (e) = 2.1")
    visitor.put("sanction", "End")
    visitor.put("trust", "End")
    visitor.page.wait_for_selector("text=Put all back (2 changed)")
    visitor.press(".put-all-back")
    visitor.page.wait_for_selector("text=Put all back (0 changed)")


def test_a_preset_and_the_folded_numbers(visitor):
    visitor.choose("Preset", "hollow")
    visitor.page.wait_for_selector("text=stigma_transfer (τ) = 0.1")
    assert not visitor.is_shown(".knob-image")
    visitor.press("button:has-text('token allyship')")
    visitor.page.wait_for_selector("text=image (ω) = 4.5")
    visitor.page.hover(".knob-image .allyship-name")
    visitor.page.wait_for_selector("text=Source: Kutlaca & Radke 2023")
    visitor.make_step()


def test_seed_network_and_start_are_taken_at_reset(visitor):
    first = visitor.shown()
    visitor.type_seed("5")
    assert visitor.shown() == first
    visitor.reset()
    visitor.until(lambda: visitor.shown() != first)
    told = "Seed 'five' is not a whole number"
    visitor.type_seed("five")
    visitor.page.wait_for_selector(f".allyship-seed :text(\"{told}\")")
    assert visitor.page.locator(f".allyship-board :text(\"{told}\")").count() == 0
    visitor.reset()
    visitor.page.wait_for_selector(f".allyship-board :text(\"{told}\")")
    visitor.until(lambda: visitor.shown() == first)  # the usual seed
    visitor.type_seed("5")
    visitor.until(lambda: told not in visitor.text(".allyship-seed"))
    visitor.choose("Network (at Reset)", "Team")
    visitor.choose("How the advantaged group starts (at Reset)", "everybody an ally")
    visitor.reset()
    visitor.page.wait_for_selector("text=Advantaged group, 9 people")
    assert "people ally 9 token" in visitor.counts()
    visitor.make_step()


def test_two_visitors_have_models_of_their_own(chrome, address, visitor):
    other = AppVisitor(chrome, address)
    visitor.put("sanction", "End")
    visitor.make_step()
    visitor.make_step()
    other.make_step()
    assert (visitor.step(), other.step()) == (2, 1)
    assert "sanction (κ) = 6" in visitor.text(".knob-sanction") and "sanction (κ) = 2" in other.text(".knob-sanction")
    other.leave()


@pytest.mark.parametrize("size", [(390, 844), (1280, 800)])
def test_pictures_and_buttons_are_on_the_first_screen_and_nothing_sticks_out(chrome, address, size, tmp_path):
    one = AppVisitor(chrome, address, viewport={"width": size[0], "height": size[1]})
    one.make_step()
    for place in (NETWORK, "button:has-text('Step')", "button:has-text('Reset')"):
        box = one.page.locator(place).first.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= size[0]
        assert box["y"] >= 0 and box["y"] + box["height"] <= size[1]
    assert one.page.evaluate("document.querySelector('.allyship-board').scrollWidth") <= size[0]
    assert one.page.evaluate("document.documentElement.scrollWidth") <= size[0]
    one.leave()


def test_step_and_the_first_numbers_are_on_the_first_screen_of_a_laptop(chrome, address):
    one = AppVisitor(chrome, address, viewport={"width": 1366, "height": 768})
    for place in ("button:has-text('Step')", ".allyship-seed input", *(f".knob-{name}" for name in FIRST[:3])):
        box = one.page.locator(place).first.bounding_box()
        assert box["y"] >= 64 and box["y"] + box["height"] <= 768, place
    one.leave()


def test_what_the_model_cannot_tell_stands_on_the_page(visitor):
    text = visitor.text(".allyship-limits")
    assert "not a prediction" in text and "groups are roles, not peoples" in text


def test_a_step_changes_the_picture_in_place(visitor):
    """No flicker: the card, its frame and the page around stay; there is never a moment without a picture."""
    visitor.page.evaluate(f"""() => {{
        window.holder = document.querySelector('{NETWORK}').parentElement; window.gone = 0;
        new MutationObserver(() => {{ window.gone += !document.querySelector('{NETWORK}'); }})
            .observe(document.body, {{childList: true, subtree: true}});
    }}""")
    for _ in range(3):
        visitor.make_step()
    assert visitor.page.evaluate("window.gone") == 0
    assert visitor.page.evaluate(f"window.holder === document.querySelector('{NETWORK}').parentElement")


def test_runs_that_are_left_going_keep_nothing_from_ending(chrome, address):
    """One is closed while it runs, one stays open; that the server ends all the same is asserted by its fixture."""
    for stays in (False, True):
        one = AppVisitor(chrome, address)
        one.press("button:has-text('▶')")
        one.page.wait_for_selector("button:has-text('❚❚')")
        if not stays:
            one.leave()
