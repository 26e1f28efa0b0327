"""The scoreboard: verdicts say what the numbers say, patterns can fail, and nobody's luck is left out."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim.checks import InputError
from sim.nulls import NO_INFLUENCE
from sim.patterns import PATTERNS, Bench, scoreboard
from sim.patterns.board import Scoreboard
from sim.patterns.pattern import Clause, Judgement, above, below, flat, mean, ratio
from sim.sweeps.seeds import seeds_of

RNG = np.random.default_rng(5)
SPREAD = RNG.normal(size=400)
SPREAD = (SPREAD - SPREAD.mean()) / SPREAD.std()  # mean 0, standard error 0.05


def verdict(clause):
    return clause.judged()["verdict"]


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        (mean("", SPREAD + 0.5, 0.4, 0.6), "holds"),
        (mean("", SPREAD + 0.5, 0.45, 0.9), "uncertain"),
        (mean("", SPREAD + 0.5, 0.7, 0.9), "fails"),
        (above("", SPREAD + 0.2), "holds"),
        (above("", SPREAD + 0.05), "uncertain"),
        (above("", SPREAD - 0.2), "fails"),
        (below("", SPREAD - 0.2), "holds"),
        (below("", SPREAD + 0.2), "fails"),
        (above("", np.zeros(30)), "uncertain"),  # exactly nothing is not more than nothing
        (flat("", SPREAD / 100, SPREAD + 1), "holds"),
        (flat("", SPREAD + 0.5, SPREAD + 1), "fails"),
        (flat("", SPREAD / 100, -1 - SPREAD), "holds"),
        (flat("", SPREAD / 100 + 0.09, SPREAD + 1), "holds"),
        (flat("", SPREAD / 100 - 0.09, SPREAD + 1), "holds"),
        (flat("", SPREAD / 100 + 0.15, SPREAD + 1), "fails"),  # a tenth of the reference is room, no more
        (flat("", SPREAD / 100 - 0.15, SPREAD + 1), "fails"),
        (ratio("", SPREAD / 10 + 3, SPREAD / 10 + 2, 1.4, 1.6), "holds"),
        (mean("", np.full(20, np.nan), 0, 1), "fails"),  # what cannot be measured does not agree
        (above("", [1.0, np.nan, 1.0, 1.0]), "holds"),
    ],
)
def test_verdicts(clause, expected):
    assert verdict(clause) == expected


def test_bounds_are_those_of_the_mean():
    told = mean("", SPREAD).judged()
    assert told["value"] == pytest.approx(0, abs=1e-12)
    assert -told["least"] == pytest.approx(1.645 * 0.05, rel=0.1)
    assert told["most"] == pytest.approx(1.645 * 0.05, rel=0.1)


def test_one_sided_bounds_cover_nineteen_times_in_twenty():
    covered = [mean("", RNG.normal(size=40)).judged(seed)["least"] < 0 for seed in range(300)]
    assert 0.9 < np.mean(covered) < 0.98


def test_a_pattern_is_as_good_as_its_worst_clause():
    def judgement(*verdicts):
        return Judgement(PATTERNS["C4"], [{"verdict": one} for one in verdicts]).verdict

    assert judgement("holds", "holds") == "holds"
    assert judgement("holds", "uncertain") == "uncertain"
    assert judgement("fails", "uncertain", "holds") == "fails"


def test_patterns_are_counted_by_kind_and_by_whether_they_belong_to_the_joint_set():
    # C4 and N3a: emergent, joint. S7 and N1: emergent. S4 and A1: built in, joint. C7: built in.
    verdicts = {"C4": "holds", "N3a": "fails", "S7": "holds", "N1": "uncertain",
                "S4": "holds", "A1": "holds", "C7": "fails"}  # fmt: skip
    judgements = tuple(Judgement(PATTERNS[name], [{"verdict": one}]) for name, one in verdicts.items())
    board = Scoreboard(sim.Parameters(), judgements, 20, 1)

    def counts(**about):
        found = board.counts(**about)
        return found["holds"], found["uncertain"], found["fails"]

    assert counts(kind="emergent") == (2, 1, 1)
    assert counts(kind="emergent", is_joint=True) == (1, 0, 1)
    assert counts(kind="emergent", is_joint=False) == (1, 1, 0)
    assert counts(kind="built in", is_joint=True) == (2, 0, 0)
    assert counts(kind="built in", is_joint=False) == (0, 0, 1)


def test_the_sets_are_those_that_were_announced():
    joint = [one for one, about in PATTERNS.items() if about.is_joint]
    built_in = [one for one, about in PATTERNS.items() if about.kind == "built in"]
    assert set(joint) == {"C4", "N3a", "N3b", "S4", "S6", "A1", "A2", "T2", "K3", "X1"}
    assert built_in == ["S4", "A1", "A2", "C7", "T1", "T3", "K1", "N2"]
    assert len(PATTERNS) == 23


def test_arms_share_network_people_and_luck():
    bench = Bench(pairs=4, seed=3)
    seen = []

    def measure(run):
        seen.append((run.network.digest(), run.start_seed, run.seed))
        return run.history["ally_share"].iloc[-1]

    one = bench.arm(measure, steps=5)
    same = bench.arm(measure, steps=5, changes={"sanction": bench.parameters.sanction})
    other = bench.arm(measure, steps=5, changes={"sanction": 6.0})
    assert len(set(seen)) == 4 and (one == same).all() and (one != other).any()
    seeds = [seeds_of(3, replicate) for replicate in range(4)]
    assert {about[1:] for about in seen} == {(one.start_seed, one.seed) for one in seeds}


# All but N1 and A3, which compare what is planted, and S6: who is privately unsupportive was silent and is silent.
EMERGE_BY_INFLUENCE = ["S7", "N3b", "N7", "T2", "K3", "X2", "N5", "H1", "I1", "C4"]


def test_without_any_influence_no_pattern_that_needs_it_holds():
    nothing = sim.Parameters(**NO_INFLUENCE)
    board = scoreboard(nothing, patterns=EMERGE_BY_INFLUENCE, pairs=20)
    assert [one.pattern.id for one in board.judgements if one.verdict == "holds"] == []
    replicates = {name: set(clauses["n"]) for name, clauses in board.table.groupby("pattern")}
    assert replicates["T2"] == replicates["K3"] == {5 * 20}, "small effects take five times as many"
    assert replicates["I1"] == {20}


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("S6", {"complicity": 0.0}),
        ("S4", {"stigma_transfer": 0.0}),
        ("A1", {"cost_credibility": 0.0}),
        ("A2", {"betrayal_loss": 0.0}),
        ("C7", {"betrayal_loss": 0.0}),
        ("T1", {"betrayal_loss": 0.01}),
        ("T3", {"betrayal_loss": 0.0}),
        ("N2", {"conformity": 0.0}),
    ],
)
def test_patterns_that_verify_the_code_fail_without_their_mechanism(name, changes):
    assert scoreboard(sim.Parameters(**changes), patterns=[name], pairs=20).judgements[0].verdict != "holds"


def test_the_rows_that_verify_the_code_hold_at_the_default():
    board = scoreboard(patterns=["S4", "A1", "A2", "C7", "T1", "T3"], pairs=20)
    assert {one.verdict for one in board.judgements} == {"holds"}


def test_workers_change_nothing_and_seeds_do():
    names = ["C4", "N3a"]
    one, two, other = (scoreboard(patterns=names, pairs=20, workers=workers, seed=seed).table
                       for workers, seed in ((1, 1), (3, 1), (1, 2)))  # fmt: skip
    pd.testing.assert_frame_equal(one, two)
    assert (one["value"] != other["value"]).any()


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ({"patterns": ["N3"]}, "N3a"),
        ({"pairs": 3}, "20"),
        ({"pairs": 2.5}, "pairs"),
        ({"seed": -1}, "seed"),
        ({"workers": 0}, "workers"),
        ({"parameters": {"loyalty": 1}}, "Parameters"),
    ],
)
def test_bad_input_is_refused_before_anything_is_run(about, words):
    with pytest.raises(InputError, match=words):
        scoreboard(**about)


def test_at_the_command_line(tmp_path):
    from click.testing import CliRunner

    from sim.cli import main

    result = CliRunner().invoke(main, ["scoreboard", "N3a", "A1", "--quick", "--out", str(tmp_path)])
    assert result.exit_code == 0, result.output
    assert "Private support exceeds perceived support" in result.output
    assert "draw no conclusions" in result.output
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert manifest["settings"]["patterns"] == ["N3a", "A1"]
    assert set(pd.read_csv(tmp_path / "patterns.csv")["id"]) == {"N3a", "A1"}
    assert (tmp_path / "scoreboard.png").stat().st_size > 10_000
    for words in (["--quick", "--pairs", "30"], ["C5"], ["--preset", "spred"], ["--out", ""]):
        refused = CliRunner().invoke(main, ["scoreboard", *words])
        assert refused.exit_code == 2 and "Traceback" not in refused.output


def test_what_took_minutes_is_kept_if_nobody_reads_it_and_told_if_it_cannot_be_kept(tmp_path):
    def judged(folder, **about):
        words = [sys.executable, "-m", "sim", "scoreboard", "A1", "--quick", "--out", str(folder)]
        return subprocess.run(words, stderr=subprocess.PIPE, text=True, timeout=120, **about)

    unread, write = os.pipe()
    os.close(unread)
    assert judged(tmp_path / "kept", stdout=write).returncode == 141
    os.close(write)
    assert (tmp_path / "kept" / "manifest.json").is_file()
    (tmp_path / "blocked" / "patterns.csv").mkdir(parents=True)
    blocked = judged(tmp_path / "blocked", stdout=subprocess.PIPE)
    assert blocked.returncode == 2 and "A1" in blocked.stdout and "patterns.csv" in blocked.stderr


def test_a_clause_may_be_any_statistic():
    values = np.arange(100.0)
    told = Clause("median", lambda rows: np.median(values[rows]), 100, 40, 60).judged()
    assert told["value"] == 49.5 and told["least"] < 49.5 < told["most"]


def test_the_published_table_tells_the_patterns_of_the_code():
    table = pd.read_csv(Path(__file__).parents[2] / "results" / "scoreboard" / "patterns.csv").set_index("id")
    told = ["kind", "is_joint", "sentence", "shows_as", "source"]
    assert table[told].to_dict("index") == {
        name: {about: getattr(pattern, about) for about in told} for name, pattern in PATTERNS.items()
    }


def test_a_number_that_is_infinite_fails_where_it_has_to_be_finite():
    found = Clause("never", lambda rows: np.inf, 20, 0.1, 0.4).judged()
    assert (found["verdict"], found["least"], found["most"]) == ("fails", np.inf, np.inf)
    now_and_then = Clause("sometimes", lambda rows: np.inf if rows[0] < 10 else 0.2, 20, 0.1, 0.4).judged()
    assert (now_and_then["least"], now_and_then["most"], now_and_then["verdict"]) == (0.2, np.inf, "uncertain")


@pytest.mark.parametrize("patterns", [5, "T2", [], [1], [["T2"]]])
def test_patterns_are_asked_for_by_a_list_of_names(patterns):
    with pytest.raises(InputError, match="patterns must be a list of names"):
        scoreboard(patterns=patterns, pairs=20)
