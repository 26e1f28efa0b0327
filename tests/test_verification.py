"""What ``allyship verify`` checks holds in a small count, and every kind of check is able to fail."""

from __future__ import annotations

import contextlib
import functools
import itertools
import json
import math
import os
import signal
import subprocess
import sys
import time
from types import SimpleNamespace

import numpy as np
import pytest
import scipy.stats
from click.testing import CliRunner

import sim
from sim import manifest, parameters, rules
from sim.checks import InputError
from sim.cli import main
from sim.people import AdvantagedPerson
from sim.state import FIELDS
from sim.verification import (
    SECTIONS,
    Case,
    Check,
    Verification,
    bad_input,
    bad_networks,
    binary_choice,
    cascades,
    chains,
    check,
    damage,
    engines,
    kills,
    known_answers,
    published,
    replays,
    report,
    riots,
    same_seed,
    symmetry,
    three_choices,
    verify,
    verifying,
    zero_weights,
)
from sim.verification.check import Skipped
from sim.verification.luck import Luck, several
from sim.verification.verifying import row_of

EVERY = [(name, i) for name, section in SECTIONS.items() for i in range(len(section.checks))]
SLOW_FROM = {"kills": 1, "same-seed": 9}  # cases that are enough where each of them takes a process


def small(name: str, i: int):
    """Make one check with a few cases."""
    one = SECTIONS[name].checks[i]
    return row_of(name, one, min(one.quick, SLOW_FROM.get(name, 3)))


@pytest.mark.parametrize(("name", "i"), EVERY)
def test_every_check_holds_in_a_few_cases(name, i):
    row = small(name, i)
    assert row.verdict == ("holds" if SECTIONS[name].checks[i].quick else "skipped"), row
    assert bool(row.cases) == (row.verdict == "holds")


@pytest.mark.parametrize(("name", "what"), [("zero-weights", "acts of 300"), ("bad-input", "malformed designs")])
def test_more_cases_of_what_is_quick(name, what):
    (one,) = (each for each in SECTIONS[name].checks if each.what.startswith(what))
    assert row_of(name, one, one.quick).verdict == "holds"


# === what a row says ====================================================================================


def row_from(*cases, count=1):
    def told(count, seed):
        for case in cases:
            if isinstance(case, Exception):
                raise case
            yield case

    return row_of("engines", Check("something", told, 1, 1), count)


def test_a_row_counts_and_tells_the_worst():
    row = row_from(Case(1.0, 2.0), Case(3.0, 2.0, "the third"), Case(9.0, 10.0))
    assert (row.verdict, row.cases, row.differences) == ("FAILS", 3, 1)
    assert (row.largest_difference, row.allowed, row.about) == (3.0, 2.0, "the third")
    assert row_from(Case(2.0, 2.0), Case(0.0)).verdict == "holds"


@pytest.mark.parametrize("cases", [(), (Case(math.nan, 1.0),), (Case(0.0), RuntimeError("it broke")), (Case(5e-324),)])
def test_nothing_compared_no_number_and_an_exception_are_failures(cases):
    assert row_from(*cases).verdict == "FAILS"
    assert not cases or not isinstance(cases[-1], RuntimeError) or "it broke" in row_from(*cases).about


@pytest.mark.parametrize("made", [0, 1, 499])
def test_fewer_cases_than_wanted_are_a_failure(made):
    row = row_from(*[Case(0.0)] * made, count=500)
    assert row.verdict == "FAILS"
    assert row.about == f"too few cases: {made} compared, 500 wanted"


def test_a_check_of_all_there_are_has_at_least_those_of_a_quick_look():
    def made(cases, count):
        check_of_all = Check("all", lambda *about: [Case(0.0)] * cases, 1000, 60, is_all=True)
        return row_of("bad-input", check_of_all, count).verdict

    assert [made(60, 1000), made(167, 1000), made(59, 1000), made(3, 3), made(2, 3)] == \
           ["holds", "holds", "FAILS", "holds", "FAILS"]  # fmt: skip


def test_rows_that_were_skipped_make_nothing_sound():
    skipped, holds, wrong = row_from(Skipped("not here")), row_from(Case(0.0)), row_from(Case(1.0))
    sound = [Verification(rows, True, 1, 0.0).is_sound for rows in ((), (skipped,), (skipped, holds), (holds, wrong))]
    assert sound == [False, False, True, False]


def test_what_cannot_be_checked_is_skipped_with_a_reason():
    row = row_from(Skipped("no engine here"))
    assert (row.verdict, row.about) == ("skipped", "no engine here")


def test_a_wrong_case_fails_even_if_the_rest_is_skipped():
    row = row_from(Case(0.0), Case(1.0, about="the second"), Skipped("no more of it here"), count=3)
    assert (row.verdict, row.about, row.cases, row.differences) == ("FAILS", "the second", 2, 1)
    assert row_from(Case(0.0), Skipped("no more of it here"), count=3).verdict == "skipped"


def test_a_row_is_written_with_what_was_found_before_what_is_allowed():
    made = Verification((row_from(Case(1.5, 2.25)),), False, 1, 0.0)
    assert "| something | 1 | 0 | 1.5 (any bit) | 2.25 |" in report.markdown(made)
    assert "0 of 1 differ; largest 1.5 (any bit), allowed 2.25;" in report.terminal(made)


def test_progress_counts_the_cases_that_differ():
    counted = []
    told = SimpleNamespace(advance=lambda failed: counted.append(failed), done=2, total=9)
    row_of("engines", Check("something", lambda *about: [Case(0.0), Case(1.0)], 2, 2), 2, told=told)
    assert counted == [False, True] and told.total == 2


def test_every_check_gets_the_seed_and_the_count_that_were_asked_for(monkeypatch):
    asked = []
    check_of_two = Check("something", lambda *about: asked.append(about) or [Case(0.0)] * about[0], 5, 2)
    section = check.Section("engines", "Title", "This.", "That.", (check_of_two, check_of_two))
    monkeypatch.setattr(verifying, "SECTIONS", {"engines": section})
    assert verify(seed=7).seed == 7 and verify("engines", quick=True, seed=8).is_sound
    assert asked == [(5, 7)] * 2 + [(2, 8)] * 2


def test_bits_are_compared_and_not_only_values():
    zero, same = np.zeros(3), np.zeros(3)
    assert check.gap_of(zero, same) == 0
    assert check.gap_of(zero, -same) > 0
    assert check.gap_of(zero, np.zeros(4)) == check.gap_of(zero, np.zeros(3, np.float32)) == math.inf
    assert check.gap_of(zero, np.full(3, np.nan)) == math.inf
    assert not check.same_bits({}, {}).is_within, "nothing was compared"


def test_luck_is_a_function_of_seed_and_case():
    draws = [[Luck(seed, case).integers(10**9) for seed in (1, 2)] for case in (0, 1)]
    assert len(set(np.ravel(draws))) == 4
    rng = Luck(1)
    assert sorted({rng.integers(3, 6) for _ in range(200)}) == [3, 4, 5]
    assert sorted(several(range(5), 5, rng)) == [0, 1, 2, 3, 4]
    assert sum(Luck(3, i).random() for i in range(1000)) == pytest.approx(500, abs=40)


# === planted faults =====================================================================================


def fails(cases, count=3) -> str:
    """Make a check of some cases, expect it to fail, and return what it says."""
    row = row_of("planted", Check("planted", cases, count, count), count)
    assert row.verdict == "FAILS", row
    assert "too few" not in row.about, "nothing was caught but that cases are missing"
    return row.about


def test_a_rule_that_differs_between_the_engines_is_caught(monkeypatch):
    sim.simulate(steps=1)  # the compiled engine is there before the rule is changed
    learn = AdvantagedPerson.learn

    def off_by_a_bit(self):
        learn(self)
        self.stigma = math.nextafter(self.stigma, 1)

    monkeypatch.setattr(AdvantagedPerson, "learn", off_by_a_bit)
    assert "stigma" in fails(engines.engines_agree, 20)


def off_in(run, thing):
    """Return what came out of a run, with one number of one thing changed."""

    def told(name, array):
        array = np.array(array)
        if name == thing:
            array.flat[-1] = 0.123 if array.dtype.kind == "f" else array.flat[-1] ^ 1
        return array

    def table(name):
        frame = getattr(run, name).copy()
        if name == thing:
            frame.iloc[-1, 0] += 1
        return frame

    each = {name: told(name, run.trajectory[name]) for name in FIELDS} if run.trajectory else None
    return SimpleNamespace(
        trajectory=each, state=SimpleNamespace(**{name: told(name, getattr(run.state, name)) for name in FIELDS}),
        tallies=told("tallies", run.tallies), history=table("history"), people=table("people"),
    )  # fmt: skip


@pytest.mark.parametrize("thing", [*FIELDS, "tallies", "history", "people"])
def test_anything_that_differs_between_the_engines_is_caught(thing, monkeypatch):
    real = engines.simulate
    monkeypatch.setattr(engines, "simulate", lambda **given: off_in(real(**given), thing))
    assert thing in fails(engines.engines_agree, 2)


@pytest.mark.parametrize("thing", [*FIELDS, "tallies"])
def test_anything_that_differs_side_by_side_or_on_threads_is_caught(thing, monkeypatch):
    real = engines.simulate
    monkeypatch.setattr(engines, "simulate", lambda threads=0, **given: (
        real(**given) if threads == 1 else off_in(real(**given), thing)))  # fmt: skip
    assert thing in fails(engines.lanes_agree, 2)
    assert thing in fails(engines.threads_agree, 2)


@pytest.mark.parametrize("thing", [*FIELDS, "history"])
def test_anything_that_differs_under_other_names_is_caught(thing, monkeypatch):
    real, calls = symmetry.simulate, itertools.count()
    monkeypatch.setattr(symmetry, "simulate", lambda *given, **about: (
        off_in(real(*given, **about), thing if next(calls) == 1 else None)))  # fmt: skip
    assert thing in fails(symmetry.renaming, 24)


def test_runs_side_by_side_with_the_wrong_luck_are_caught(monkeypatch):
    real = engines.simulate_many
    monkeypatch.setattr(engines, "simulate_many", lambda *given, seeds, **about: real(
        *given, seeds=[seed ^ 1 for seed in seeds], **about))  # fmt: skip
    fails(engines.lanes_agree, 20)


def test_threads_that_change_a_tally_are_caught(monkeypatch):
    real = engines.simulate

    def fragile(threads=1, **given):
        return real(threads=threads, **given | {"seed": given["seed"] + (threads == 3)})

    monkeypatch.setattr(engines, "simulate", fragile)
    fails(engines.threads_agree, 6)


def test_another_golden_run_is_caught(monkeypatch):
    monkeypatch.setattr(same_seed, "stored", lambda schedule: {"lives": "0" * 64})
    assert "lives" in fails(same_seed.golden_as_stored, 2)


@pytest.mark.parametrize("missing", ["lives", "people", "tallies"])
def test_a_golden_file_without_a_part_is_caught(missing, monkeypatch):
    real = same_seed.stored
    monkeypatch.setattr(same_seed, "stored", lambda schedule: {
        name: value for name, value in real(schedule).items() if name != missing})  # fmt: skip
    assert missing in fails(same_seed.golden_as_stored, 1)


def test_a_process_that_gives_other_bits_or_breaks_is_caught(monkeypatch):
    out = SimpleNamespace(communicate=lambda timeout: ('["0", "1"]', ""), returncode=0)
    monkeypatch.setattr(same_seed, "python", lambda code, **environment: contextlib.nullcontext(out))
    assert "PYTHONHASHSEED=0" in fails(same_seed.fresh_processes_agree, 6)
    out.returncode = 1
    assert "fresh process failed" in fails(same_seed.fresh_processes_agree, 6)


def test_a_random_run_that_differs_in_a_fresh_process_is_caught(monkeypatch):
    printed = json.dumps([*same_seed.digests(1, 1)[:2], "0" * 64])
    out = SimpleNamespace(communicate=lambda timeout: (printed, ""), returncode=0)
    monkeypatch.setattr(same_seed, "python", lambda code, **environment: contextlib.nullcontext(out))
    assert "run 2, PYTHONHASHSEED=0" in fails(same_seed.fresh_processes_agree, 9)


def test_wrong_answers_of_the_arithmetic_are_caught(monkeypatch):
    wrong = [(*known_answers.PHILOX[0][:2], (1, 2, 3, 4))]
    monkeypatch.setattr(known_answers, "PHILOX", wrong)
    fails(known_answers.philox_answers)
    monkeypatch.setattr(known_answers, "exponential", lambda x: math.exp(x) * (1 + 2e-15))
    fails(known_answers.exponential_is_near, 50)
    fails(known_answers.exponential_and_libm, 50)
    monkeypatch.setattr(known_answers, "normal_quantile", lambda u: u)
    fails(known_answers.quantile_is_near, 50)


@pytest.mark.parametrize(
    ("module", "name", "wrong", "cases"),
    [
        (binary_choice, "two_options", lambda coupling, field: binary_choice.norm_only(
            coupling=coupling + 0.5, field=field + 0.3, bystand_allowed=False), binary_choice.settles),
        (three_choices, "settled", lambda *about: 0.5, three_choices.settles),
        (riots, "limit_of_iteration", lambda sd: 0.5, riots.shares),
        (cascades, "stands_up", lambda *about: rules.Stance.ALLY, cascades.centres),
        (cascades, "cascades", lambda z, phi: 60, cascades.window),
        (chains, "one_step", lambda chain, schedule, acts: np.full(chain.shape, 1 / np.prod(chain.shape)),
         chains.one_steps),
        (chains, "wrong_chain", lambda chain, graph: chain, chains.a_tenth_is_noticed),
        (symmetry, "SYMMETRIC", [sim.Parameters()], symmetry.mirror),
        (symmetry, "NAMES", [("A", "B"), ("B", "A")], functools.partial(symmetry.renaming)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_wrong_limits_are_caught(module, name, wrong, cases, monkeypatch):
    monkeypatch.setattr(module, name, wrong)
    if name == "NAMES":  # the same people under other names, but somebody else is marginalized
        real = symmetry.renamed
        monkeypatch.setattr(symmetry, "renamed", lambda graph, one, other, label: real(
            symmetry.graph_with_roles(lambda person: person % 4 == (1 if one == "A" else 2)), one, other, label))
    fails(cases)


def test_a_mechanism_that_is_not_off_is_caught(monkeypatch):
    monkeypatch.setattr(zero_weights, "OFF", [({"sanction": 2.0}, ("complicity", "shield"))])
    fails(zero_weights.switched_off, 2)
    monkeypatch.setattr(zero_weights, "OFF", [({"sanction": 0.0}, ())])
    assert "do nothing" in fails(zero_weights.switched_on, 1)
    monkeypatch.setattr(zero_weights, "SETTINGS", [zero_weights.SETTINGS[0].replace(conformity=1.0)])
    fails(zero_weights.alone)


def test_a_mechanism_that_is_not_off_in_shuffled_runs_only_is_caught(monkeypatch):
    real, calls = zero_weights.simulate, itertools.count()
    monkeypatch.setattr(zero_weights, "simulate", lambda *given, seed, schedule, **about: real(
        *given, seed=seed + next(calls) * (schedule == "shuffled"), schedule=schedule, **about))  # fmt: skip
    monkeypatch.setattr(zero_weights, "OFF", zero_weights.OFF[:1])
    assert "shuffled" in fails(zero_weights.switched_off, 2)


def test_a_finished_run_that_is_lost_or_another_table_is_caught(monkeypatch):
    monkeypatch.setattr(kills, "one_life", lambda folder, parts, delay: {"a key that was told of"})
    assert "lost" in fails(kills.kills, 1)
    monkeypatch.setattr(kills, "one_life", lambda folder, parts, delay: set())
    monkeypatch.setattr(kills, "finished", lambda folder, rows, digest: check.yes_or_no(digest == "", "another"))
    assert "another" in fails(kills.kills, 1)


@pytest.mark.parametrize(
    ("before", "after", "told", "is_kept"),
    [
        ({}, {"a": "1"}, {"a"}, True),
        ({}, {"a": "1", "b": "2"}, {"a"}, True),
        ({}, {"b": "2"}, {"a"}, False),
        ({"a": "1"}, {"a": "1", "b": "2"}, {"b"}, True),
        ({"a": "1"}, {"a": "made again", "b": "2"}, {"b"}, False),
        ({"a": "1"}, {"b": "2"}, {"b"}, False),
        ({"a": "1"}, {"a": "1"}, {"b"}, False),
    ],
)
def test_a_run_is_kept_if_all_that_was_told_is_there_and_nothing_was_made_again(before, after, told, is_kept):
    assert kills._is_kept(before, after, told) == is_kept


def test_damage_that_nothing_tells_of_is_caught(monkeypatch):
    monkeypatch.setattr(damage, "WAYS", (lambda content, rng: content,))
    assert "nothing tells of it" in fails(damage.damages, 1)


def test_wrong_rows_that_are_read_of_a_damaged_store_are_caught(monkeypatch):
    real = damage.open_sweep

    def wrong(*given):
        read = real(*given)
        return SimpleNamespace(table=read.table.assign(loyalty=0.123), set_aside=read.set_aside)

    monkeypatch.setattr(damage, "open_sweep", wrong)
    assert "wrong rows are read" in fails(damage.damages, 3)


@pytest.mark.parametrize("wrong", ["digest", "table"])
def test_another_table_after_damage_is_caught(wrong, monkeypatch):
    real = damage.sweep

    def swept(design, folder, **about):
        made = real(design, folder, **about)
        fault = {"digest": "0" * 64} if wrong == "digest" else {"table": made.table.assign(loyalty=0.123)}
        right = {name: getattr(made, name) for name in ("digest", "table", "set_aside")}
        return made if folder.name == "template" else SimpleNamespace(**right | fault)

    monkeypatch.setattr(damage, "sweep", swept)
    assert "another table" in fails(damage.damages, 1)


def test_a_row_that_cannot_be_made_again_is_caught(monkeypatch):
    monkeypatch.setattr(replays, "replay", lambda swept, row: SimpleNamespace(is_equal=False, differences=["trust"]))
    assert "trust" in fails(replays.replays, 1)


def test_bad_input_that_is_accepted_is_caught(monkeypatch):
    monkeypatch.setattr(parameters, "check_number", lambda name, value, low=0, high=0: value)
    (one, *_) = (each for each in SECTIONS["bad-input"].checks if each.what.startswith("malformed parameters"))
    assert "accepted" in fails(one.cases, 50)


def broken(error):
    raise error


@pytest.mark.parametrize(
    ("attempt", "told"),
    [(lambda: None, "accepted"), (lambda: broken(KeyError("x")), "KeyError"), (lambda: sim.simulate(steps=1), "Run"),
     (lambda: broken(InputError("two\nlines")), "no sentence")],
)  # fmt: skip
def test_only_a_sentence_before_any_run_is_a_refusal(attempt, told):
    case = bad_input.refused(attempt, "this")
    assert not case.is_within
    assert told in case.about
    assert bad_input.refused(lambda: sim.Parameters(loyalty=2), "that").is_within


def test_a_refusal_that_leaves_a_folder_behind_is_caught(monkeypatch):
    def refusing(about, folder, **_):
        if about:
            folder.mkdir()
        raise InputError("no")

    monkeypatch.setattr(bad_networks, "sweep", refusing)
    left, clean = (bad_input.refused(lambda about=about: bad_networks.swept(about), "it") for about in ({"a": 1}, {}))
    assert clean.is_within
    assert not left.is_within and "a folder was made" in left.about


def test_refusing_everything_is_caught(monkeypatch):
    monkeypatch.setattr(bad_networks, "GOOD_FILES", {"a.gml": "graph ["})
    assert "refused" in fails(bad_input.all_accepted, 10**6)


def test_other_numbers_than_the_published_ones_are_caught(monkeypatch):
    monkeypatch.setattr(published, "PUBLISHED", {0.3: (0.9, 0.9, 0.9, 0.9, 0.9)})
    fails(published.quantiles, 5)
    monkeypatch.setattr(published, "CLOSED_FORMS", {"this": (lambda: 0.1, 0.2, 1e-3)})
    assert "this" in fails(published.closed_forms)
    assert published.take_off_chance(np.zeros(64), 45) < published.UNLIKELY
    monkeypatch.setattr(published, "CHOICES", [(1.5, 0.1)])
    monkeypatch.setattr(published.brock_durlauf, "equilibria", lambda *about: [0.2, 0.3])
    fails(published.mean_choices, 2)


@pytest.mark.parametrize("rank", [1, 16.75, 32.5, 64])
def test_a_published_quantile_has_to_lie_between_the_runs_that_luck_leaves_and_no_closer(rank):
    """If k of ours lie below it, it lies between the k-th and the next; here the k-th run is the number k."""
    low, high = published.bounds(np.arange(1.0, 65.0), rank)
    chance = scipy.stats.betabinom(64, rank, 65 - rank).pmf(np.arange(65))
    half = published.UNLIKELY / 2
    few, many = (0 if math.isinf(low) else int(low)), (64 if math.isinf(high) else int(high) - 1)
    assert chance[:few].sum() < half <= chance[: few + 1].sum()
    assert chance[many + 1 :].sum() <= half < chance[many:].sum()


# === stopped half-way ===================================================================================


def test_fresh_processes_end_with_the_check_that_started_them(monkeypatch):
    started, popen = [], same_seed.subprocess.Popen

    def starting(*given, **about):
        started.append(popen(*given, **about))
        return started[-1]

    monkeypatch.setattr(same_seed.subprocess, "Popen", starting)
    monkeypatch.setattr(same_seed, "TOLD", "import time; time.sleep(60)  # {seed} {count}")
    monkeypatch.setattr(popen, "communicate", lambda *given, **about: broken(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        list(same_seed.fresh_processes_agree(9, 1))
    assert [process.returncode is None for process in started] == [False] * 3


@pytest.mark.skipif(os.name != "posix", reason="SIGINT is sent to a process")
@pytest.mark.parametrize("section", ["kills", "damage"])
def test_ctrl_c_leaves_no_folder_and_no_process(section, tmp_path):
    work = tmp_path / "work"
    work.mkdir()
    command = [sys.executable, "-m", "sim", "verify", "--only", section, "--out", str(tmp_path / "out")]
    process = subprocess.Popen(command, env=os.environ | {"TMPDIR": str(work)}, text=True, start_new_session=True,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip
    deadline = time.monotonic() + 60
    while not list(work.glob("allyship-*/*")) and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    errors = process.communicate(timeout=60)[1]
    assert process.returncode == 130, errors
    assert errors.splitlines()[-1] == "stopped"
    assert not list(work.glob("allyship-*"))
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


# === the command ========================================================================================


def verified(*words, code):
    done = CliRunner().invoke(main, ["verify", *words])
    assert done.exit_code == code, done.output
    return done.output


def test_the_command_writes_a_page_a_table_and_a_manifest(tmp_path):
    told = verified("--only", "known-answers", "--quick", "--out", str(tmp_path), code=0)
    for words in ("Philox 4x32-10", "Shows: ", "Does not show: ", "4 checks: 4 holds", "quick"):
        assert words in told
    page = (tmp_path / "verification.md").read_text()
    assert "Nothing here says that the theory is right" in page.splitlines()[-1]
    assert page.splitlines()[-1] == told.splitlines()[-2], "before the line that names the files"
    assert page.count("| holds |") == 4
    assert "quick" in page
    assert len((tmp_path / "verification.csv").read_text().splitlines()) == 5
    settings = manifest.read(tmp_path)["settings"]
    assert settings["sections"] == ["known-answers"]
    assert settings["is_sound"] is True


def test_the_command_fails_if_a_row_fails(tmp_path, monkeypatch):
    monkeypatch.setattr(known_answers, "PHILOX", [((0, 0, 0, 0), (0, 0), (1, 2, 3, 4))])
    told = verified("--only", "known-answers", "--quick", "--out", str(tmp_path), code=1)
    assert "FAILS" in told
    assert "| FAILS: " in (tmp_path / "verification.md").read_text()
    assert manifest.read(tmp_path)["settings"]["is_sound"] is False


def test_a_folder_that_may_not_be_written_to_is_refused_before_any_check(tmp_path, monkeypatch):
    monkeypatch.setattr("os.access", lambda path, mode: not mode & os.W_OK)  # root may write everywhere
    monkeypatch.setattr("sim.verification.verify", lambda *given, **about: pytest.fail("a check was made"))
    told = verified("--only", "known-answers", "--out", str(tmp_path), code=2)
    assert f"--out '{tmp_path}' may not be written to" in told


def test_what_cannot_be_printed_is_written_all_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr("sim.verification.report.terminal", lambda made: broken(OSError(28, "no space")))
    verified("--only", "known-answers", "--quick", "--out", str(tmp_path), code=2)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["manifest.json", "verification.csv", "verification.md"]


def test_unknown_sections_are_refused(tmp_path):
    told = verified("--only", "engine", "--out", str(tmp_path), code=2)
    assert "did you mean 'engines'" in told
    with pytest.raises(InputError, match="engines"):
        verify(["engine"])
    for nothing in ([], (), 3, True, [[]], [3]):
        with pytest.raises(InputError, match="engines"):
            verify(nothing, quick=True)
    assert all(name in CliRunner().invoke(main, ["verify", "--help"]).output for name in SECTIONS)
