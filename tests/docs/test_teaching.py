"""The teaching texts: they can be printed, what they name exists, and what they claim comes out."""

from __future__ import annotations

import math
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.cli import main
from sim.explorer.baked import network
from sim.explorer.page import LANGUAGES, strings
from sim.explorer.scenes import scenes, settings_of
from sim.outcomes import Regime, tail_means
from sim.parameters import KNOBS, presets

ROOT = Path(__file__).resolve().parents[2]
TEACH = ROOT / "docs" / "teach"
sys.path.insert(0, str(TEACH))

import build  # noqa: E402
import frequencies  # noqa: E402
import paper_game  # noqa: E402

TEXTS = {path.name: path.read_text(encoding="utf-8") for path in sorted(TEACH.glob("*.md"))}
EVERYTHING = "\n".join(TEXTS.values())
PARTS = re.compile(r"\n\n|\n(?=\| |- )")  # paragraphs, rows of tables, items of lists
BLOCKS = [(name, block) for name, text in TEXTS.items() for block in PARTS.split(text)]
CLAIM = re.compile(r"<!--\s+(\w+)=(\S+?)((?:\s+\w+=\S+)*):\s+(.*?)\s+-->", re.DOTALL)
CLAIMS = sorted({found.groups() for _, block in BLOCKS for found in CLAIM.finditer(block)})
REGIMES = {str(regime) for regime in Regime}
WORDS = strings("en")


def said(block: str) -> str:
    """Return what a reader sees of a block, on one line."""
    return " ".join(re.sub(r"<!--.*?-->", " ", block, flags=re.DOTALL).split())


def number_or_word(text: str):
    if not re.fullmatch(r"[\d.]+", text):
        return text
    return float(text) if "." in text else int(text)


def holds(told: str, regimes: list[str], ends: dict) -> bool:
    """Return whether one part of a claim is true: a count, a band, a mean, a count within a band, the first runs."""
    words = told.split()
    if words[0] in REGIMES:
        return regimes.count(words[0]) == int(words[1])
    if words[0] == "not":
        return len(regimes) - regimes.count(words[1]) == int(words[2])
    if words[0] == "first":
        return regimes[: len(words) - 1] == words[1:]
    shares = ends[words[0]]
    if words[1] == "mean":
        return frequencies.percent(shares.mean()) == int(words[2])
    if words[1] == "from":
        return ((shares > int(words[2]) / 100) & (shares < int(words[4]) / 100)).sum() == int(words[6])
    return told == f"{words[0]} {frequencies.band(shares)}"


# === what is claimed ====================================================================================


@pytest.mark.parametrize(("name", "value", "changes", "told"), CLAIMS)
def test_claims_about_scenes_come_out(name, value, changes, told):
    check(name, value, changes, told)


def check(name, value, changes, told):
    changed = {knob: number_or_word(number) for knob, number in (one.split("=") for one in changes.split())}
    regimes, ends = frequencies.runs(name, number_or_word(value), **changed)
    wrong = [part for part in re.split("[;,] *", " ".join(told.split())) if not holds(part, regimes, ends)]
    assert not wrong, (wrong, Counter(regimes))


def test_no_count_of_runs_and_no_band_stands_without_its_claim():
    for name, block in BLOCKS:
        if name in ("frequencies.md", "index.md"):  # the first is checked as a whole, the second explains the form
            continue
        claimed = " ".join(" ".join(found[3].split()) for found in CLAIM.findall(block))
        experiments = " ".join(re.findall(r"<!--\s+found:\s+(.*?)\s+-->", block, re.DOTALL))
        numbers = re.findall(r"\b(\d+)(?: %)?\b", claimed)
        for count in re.findall(r"(\d+) of 30\b", said(block)):
            assert count in numbers, (name, count, block)
        for count in re.findall(rf"(?:{'|'.join(REGIMES)}) \d+\b", said(block)):
            assert re.search(rf"\b{count}\b", claimed), (name, count, block)
        for band in re.findall(r"\d+ % \(\d+ to \d+\)", said(block)):
            assert band in claimed or band in experiments, (name, band, block)


PREVAILS = rf"(?:{'|'.join(sorted(REGIMES))})"
TOLD = re.compile(rf"(\d+ % \(\d+ to \d+\))|\b(\d+) of 30\b|of 30 runs (\d+)|{PREVAILS}(?: prevails)?(?: in)? (\d+)\b")
CLAIMED = re.compile(rf"(\d+ % \(\d+ to \d+\))|from \d+ to \d+ % (\d+)|{PREVAILS} (\d+)")


def numbers_in(pattern, text: str) -> list[str]:
    """Return the counts and bands in a text, in order."""
    return [next(filter(None, found)) for found in pattern.findall(" ".join(text.split()))]


def told_and_claimed(block: str) -> list[tuple[list[str], list[str]]]:
    """Return the numbers that a block tells and those that it claims, for each text and the comments right behind it.

    What is told behind the last comments belongs to these. Numbers from experiments are held to what is reported.
    """
    texts, comments = (re.split(r"((?:<!--.*?-->\s*)+)", block, flags=re.DOTALL)[start::2] for start in (0, 1))
    texts[-2:] = [" ".join(texts[-2:])]
    claims = (" ; ".join(claim[3] for claim in CLAIM.findall(one)) for one in comments)
    pairs = [(numbers_in(TOLD, text), numbers_in(CLAIMED, claim), one)
             for text, claim, one in zip(texts, claims, comments, strict=False)]  # fmt: skip
    return [(told, claimed) for told, claimed, one in pairs if "found:" not in one]


def is_part_in_order(told: list[str], claimed: list[str]) -> bool:
    rest = iter(claimed)
    return all(number in rest for number in told)


CLAIMING = [(name, block) for name, block in BLOCKS if CLAIM.search(block) and name != "index.md"]


def test_numbers_stand_in_the_order_of_the_claims_right_behind_them():
    wrong = [(name, told, claimed) for name, block in CLAIMING for told, claimed in told_and_claimed(block)
             if not is_part_in_order(told, claimed)]  # fmt: skip
    assert wrong == []
    assert sum(len(told) for _, block in CLAIMING for told, _ in told_and_claimed(block)) > 150


def test_every_regime_with_a_count_is_claimed_with_that_count():
    for name, block in CLAIMING:
        claimed = " ".join(" ".join(found[3].split()) for found in CLAIM.findall(block))
        for regime, count in re.findall(rf"({PREVAILS})(?: prevails)?(?: in)? (\d+)\b", said(block)):
            assert re.search(rf"\b{regime} {count}\b", claimed), (name, regime, count)


THREE = """At one 30 of 30. <!-- alone=1: opposition 30 --> At five spread in 16 of 30, opposition in
12. <!-- alone=5: spread 16, opposition 12 --> At eight in 29 of 30, with trust 89 % (0 to 94). <!-- alone=8: spread
29 --><!-- alone=8: mean_trust 89 % (0 to 94) -->"""


@pytest.mark.parametrize("number", ["30 of 30", "16 of 30", "opposition in\n12", "29 of 30"])
@pytest.mark.parametrize("other", ["30", "16", "12", "29", "89"])
def test_a_count_that_is_changed_to_another_of_its_paragraph_is_noticed(number, other):
    own = re.search(r"\d+", number)[0]
    changed = THREE.replace(number, number.replace(own, other, 1))
    assert all(is_part_in_order(*pair) for pair in told_and_claimed(changed)) == (own == other)


def test_numbers_from_experiments_are_those_that_are_reported():
    reported = " ".join((ROOT / "experiments" / "README.md").read_text(encoding="utf-8").split())
    quoted = [" ".join(one.split()) for one in re.findall(r"<!--\s+found:\s+(.*?)\s+-->", EVERYTHING, re.DOTALL)]
    assert len(quoted) >= 10
    assert [one for one in quoted if one not in reported] == []


@pytest.mark.slow
def test_the_table_of_frequencies_is_what_its_script_makes():
    assert TEXTS["frequencies.md"] == frequencies.text()


def test_the_tables_of_the_answers_are_what_the_script_makes():
    assert frequencies.answers() == TEXTS["answers.md"]
    assert len(frequencies.answer_to_what_helps().splitlines()) == 2 + len(frequencies.VALUES["helps"]) == 12


def test_a_first_run_and_a_second_may_mislead_as_told():
    allies = frequencies.runs("helps", "safe_spaces")[1]["ally_share"]
    one, other = frequencies.first_two(allies).split(", ")
    assert f"end the first run with {one} allies and the second with {other};" in said(TEXTS["answers.md"])
    assert f"end the first run with {one} allies;" in said(TEXTS["lesson.md"])


def test_most_measures_leave_trust_as_low_as_told():
    trust = {one: np.median(frequencies.runs("helps", one)[1]["mean_trust"]) for one in frequencies.VALUES["helps"]}
    high, low = sorted(trust, key=trust.get)[:-3:-1], min(trust, key=trust.get)
    assert (high, low) == (["curb_tokens", "amplify_voices"], "token_campaign")
    others = [frequencies.percent(trust[one]) for one in trust if one not in (*high, low, "none")]
    told = f"after the other six trust ends between {min(others)} and {max(others)} %"
    assert len(others) == 6 and told in said(TEXTS["answers.md"])


# What the page itself tells in numbers, by the key of its words.
ON_THE_PAGE = {
    "scene.alone.answer": "<!-- alone=0: opposition 30 --><!-- alone=8: spread 29 -->",
    "scene.cheap.puzzle": "<!-- cheap=0: mean_trust 10 % (6 to 16) -->",
    "scene.cheap.answer": """<!-- cheap=0 authenticity_threat=0: gatekeep_share 20 % (0 to 61) -->
        <!-- cheap=0: gatekeep_share 95 % (88 to 100) -->
        <!-- cheap=0 authenticity_threat=0: mean_trust 34 % (17 to 43) -->""",
    "scene.numbers.answer": """<!-- numbers=0: not spread 30; ally_share 0 % (0 to 0) -->
        <!-- numbers=0 start=allied: spread 17 --><!-- numbers=1: spread 23 -->""",
    "scene.betrayal.answer": """<!-- betrayal=0 wariness=0: spread 16 --><!-- betrayal=0.3: spread 25 -->
        <!-- betrayal=0.4: spread 30 -->""",
    "scene.majority.answer": "<!-- majority=0.3: spread 13 -->",
    "scene.both.answer": "<!-- both=5: opposition 28 --><!-- both=5 acceptance=0: spread 26 -->",
    "scene.helps.answer": """<!-- helps=curb_tokens: spread 30; mean_trust 88 % (85 to 93) -->
        <!-- helps=none: mean_trust 13 % (7 to 23) -->
        <!-- helps=amplify_voices: mean_trust 56 % (15 to 65); spread 10 -->
        <!-- helps=none: mean_trust 13 % (7 to 23) --><!-- helps=token_campaign: mean_trust 2 % (2 to 3) -->""",
}


@pytest.mark.parametrize("key", ON_THE_PAGE)
def test_numbers_that_the_page_tells_come_out(key):
    for claim in CLAIM.findall(ON_THE_PAGE[key]):
        check(*claim)


@pytest.mark.parametrize("language", LANGUAGES)
def test_counts_and_shares_in_the_words_of_a_scene_stand_in_the_order_of_its_claims(language):
    for key, text in strings(language).items():
        told = re.findall(r"\d+(?= (?:of|von) 30\b| %)", text) if key.startswith("scene.") else []
        claimed = ["".join(one) for one in re.findall(rf"{PREVAILS} (\d+)|(\d+) % \(", ON_THE_PAGE.get(key, ""))]
        assert is_part_in_order(told, claimed), (key, told, claimed)


def test_the_person_of_the_demo_is_as_told():
    scene = scenes()["alone"]
    run = sim.simulate(network=network(scene["network"]), seed=scene["seed"], record_people=True, **settings_of(scene))
    acts, sympathy = run.trajectory["act"], run.trajectory["sympathy"]
    assert (acts[22, 15], acts[23, 15]) == (sim.rules.ALLY, sim.rules.OPPOSE)
    assert round(float(sympathy[22, 15]), 2) == 0.68
    told = str(sim.explain(run, person=15, step=22))
    assert "2.48" in told and "1.37" in told
    assert "1 silent, 1 opposer" in told and "chance 0.692" in told
    opposed = (acts[-1] == sim.rules.OPPOSE) & ~network(scene["network"]).is_marginalized
    assert (opposed.sum(), (opposed & (sympathy[-1] > 0)).sum()) == (43, 20)
    for person in np.flatnonzero(opposed):
        terms = [one for one in sim.explain(run, person=int(person), step=79).terms if one.option == "OPPOSE"]
        assert max(terms, key=lambda one: one.value).term == "norm"


def test_the_single_runs_of_the_demo_are_as_told():
    def ends(name, value):
        scene, settings = scenes()[name], settings_of(scenes()[name], value)
        run = sim.simulate(network=network(scene["network"]), seed=scene["seed"], **settings)
        told = ("ally_share", "oppose_share", "gatekeep_share", "mean_trust", "private_support")
        end = tail_means(run.history)
        return {measure: f"{frequencies.percent(end[measure])} %" for measure in told}

    demo, alone, five = said(TEXTS["demo.md"]), ends("alone", 1), ends("alone", 5)
    free, dear = ends("cheap", 0), ends("cheap", 0.3)
    assert f"{alone['oppose_share']} opposed, and {alone['private_support']} sympathetic" in demo
    assert f"This time: opposition, {five['oppose_share']}." in demo
    assert f"{free['ally_share']} allies, trust {free['mean_trust']}, and {free['gatekeep_share']} of Group B" in demo
    assert f"Trust {free['mean_trust']} becomes {dear['mean_trust']}; keeping out {free['gatekeep_share']}" in demo
    assert f"{free['gatekeep_share']} becomes {dear['gatekeep_share']}." in demo


# === the paper version ==================================================================================


def test_the_paper_version_prints_the_tables_that_its_script_plays_by():
    lines = TEXTS["paper.md"].splitlines()
    for table in (paper_game.roll_table(), paper_game.card_table(), paper_game.tie_table()):
        start = lines.index(table[0])
        assert lines[start : start + len(table)] == table
    assert (TEACH / "board.svg").read_text(encoding="utf-8") == paper_game.board_svg()


@pytest.mark.slow
def test_the_paper_version_ends_as_it_says():
    lines = TEXTS["paper.md"].splitlines()
    outcomes = paper_game.outcome_table()
    start = lines.index(outcomes[0])
    assert lines[start : start + len(outcomes)] == outcomes


@pytest.mark.slow
def test_how_sure_a_class_of_six_tables_can_be_is_as_told():
    off, on = (sum(paper_game.Table(game, seed).play().end() == paper_game.ALLY for seed in range(paper_game.N_PLAYS))
               / paper_game.N_PLAYS for game in paper_game.GAMES if game.name.startswith("2."))  # fmt: skip
    chances = [np.array([math.comb(3, k) * p**k * (1 - p) ** (3 - k) for k in range(4)]) for p in (off, on)]
    joint = np.outer(*chances)  # tables that end in support: rows without, columns with the shield
    more, same = np.triu(joint, 1).sum(), np.trace(joint)
    more, same, fewer = (f"{100 * chance:.0f} %" for chance in (more, same, 1 - more - same))
    assert f"in {more} of classes, as many in {same} and fewer in {fewer}." in said(TEXTS["paper.md"])


def test_the_paper_rules_by_hand():
    table = paper_game.Table(paper_game.GAMES[0], seed=1)
    table.cards = [(1, 2)] * paper_game.N_A
    table.stance[1], table.stance[2] = paper_game.ALLY, paper_game.OPPOSED
    table.trust = [5, 0, 3, 3]  # of the two whom A1 knows, B1 welcomes and B4 waits
    assert table.scores(0) == (1 + 0 + 1 - 2 - 2 - 1, -1 - 0 - 1)
    table.learn([paper_game.ALLY] * 3 + [paper_game.SILENT] * 5)
    assert table.trust == [3, 0, 3, 2]  # B1 lost A1 and A3, B2 lost A3, B4 lost A1


def test_the_example_of_the_paper_version_is_right():
    table = paper_game.Table(paper_game.GAMES[1], seed=1)
    table.cards[2] = paper_game.CARDS[2]
    table.stance = [paper_game.ALLY] + [paper_game.SILENT] * 7
    assert table.scores(2) == (-1, -4) and paper_game.least_roll(-1) == 5
    assert "= −1. Opposing: −1 − 2 − 1 = −4." in said(TEXTS["paper.md"])


# === what is named ======================================================================================


@pytest.mark.parametrize("name", TEXTS)
def test_words_in_italics_that_look_like_the_page_are_on_the_page(name):
    on_page = {text.rstrip(":…").lower() for text in (*WORDS.values(), *(knob.mechanism for knob in KNOBS))}
    for title in (f"scene.{one}.title" for one in scenes()):
        assert WORDS[title].lower() in on_page
    controls = re.findall(r"(?:[Pp]ress|[Ss]cene|open|under|Under|then) \*([^*\n]+)\*", TEXTS[name])
    lesson_titles = {"Meet twelve people", "One knob at a time"}
    for words in controls:
        plain = re.sub(r"\d+", "", words.rstrip("…")).strip().lower()
        near = [text for text in on_page if re.sub(r"\{\w+\}|\d+", "", text).strip().startswith(plain)]
        assert near or words in lesson_titles or not plain, (name, words)


def test_knobs_presets_and_commands_exist():
    knobs, known = {knob.name for knob in KNOBS}, set(presets())
    for word in re.findall(r"`([a-z]+(?:_[a-z]+)*)`", EVERYTHING):
        assert word in knobs | known, word
    for command in re.findall(r"`allyship ([a-z]+)", EVERYTHING):
        assert command in main.commands, command
    for preset in re.findall(r"--preset (\w+)", EVERYTHING):
        assert preset in known
    for flag in re.findall(r"`allyship \w+[^`]*?(--[a-z-]+)", EVERYTHING):
        assert any(flag in option.opts for one in main.commands.values() for option in one.params), flag
    for path in re.findall(r"`((?:docs|experiments|sim)/[\w/.]+)`?", EVERYTHING):
        assert (ROOT / path).exists(), path


def test_lessons_that_are_named_are_there():
    folder = ROOT / "notebooks"
    if not folder.is_dir():
        pytest.skip("there are no notebooks here")
    there = " ".join(path.read_text(encoding="utf-8").lower() for path in folder.rglob("*.ipynb"))
    named = re.findall(r"otebook lessons:?(.*?)(?:\.\n|first)", TEXTS["project.md"], re.DOTALL)
    titles = [" ".join(title.lower().split()) for part in named for title in re.findall(r"\*(.+?)\*", part, re.DOTALL)]
    assert len(titles) == 8
    assert [title for title in titles if title not in there] == []


@pytest.mark.parametrize("name", TEXTS)
def test_links_lead_somewhere(name):
    for target in re.findall(r"\]\(([^)#]+)", TEXTS[name]):
        assert (TEACH / target).exists(), target


# === printing ===========================================================================================


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    pytest.importorskip("markdown_it", reason="markdown-it-py is not installed (pip install -e '.[test]')")
    return build.build(tmp_path_factory.mktemp("teach"))


def test_all_texts_become_pages_that_need_nothing_else(pages):
    assert {page.stem for page in pages} == {Path(name).stem for name in TEXTS}
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert not re.search(r'(?:src|href)="(?:https?:|//)', text) and "<script" not in text
        seen = re.sub(r"<(style|code)\b.*?</\1>|<[^>]*>", "", text, flags=re.DOTALL)
        assert "<!--" not in text and not re.findall(r".*[*|].*", seen), page.stem
        for target in re.findall(r'href="([^"#]+)"', text):
            assert (page.parent / target).exists(), target


def test_pages_can_be_printed(pages):
    browser = next(filter(None, map(shutil.which, build.BROWSERS)), None)
    if browser is None:
        pytest.skip("no Chromium on the path")
    worksheet = next(page for page in pages if page.stem == "worksheet")
    build.print_pdf(browser, worksheet)
    raw = worksheet.with_suffix(".pdf").read_bytes()
    assert raw.startswith(b"%PDF") and len(re.findall(rb"/Type\s*/Page\b", raw)) == 3


def test_the_command_says_what_it_wants():
    told = subprocess.run([sys.executable, TEACH / "build.py"], capture_output=True, text=True)
    assert told.returncode == 1 and told.stderr.strip() == "Say where to: python docs/teach/build.py FOLDER"


def test_printing_without_its_library_says_what_to_install(tmp_path):
    hidden = "import importlib.util as u, runpy, sys; found = u.find_spec; "
    hidden += "u.find_spec = lambda name: None if name == 'markdown_it' else found(name); "
    hidden += f"sys.argv = ['build.py', {str(tmp_path / 'pages')!r}]; "
    hidden += f"runpy.run_path({str(TEACH / 'build.py')!r}, run_name='__main__')"
    told = subprocess.run([sys.executable, "-c", hidden], capture_output=True, text=True)
    assert told.returncode == 1 and told.stderr.count("\n") == 1 and "pip install markdown-it-py" in told.stderr
    assert not (tmp_path / "pages").exists()
