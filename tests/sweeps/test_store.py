"""A folder of runs: what is reused, what is made again, and why."""

from __future__ import annotations

import shutil

import pytest

import sim
from sim import networks
from sim.sweeps import points
from sim.sweeps.store import Store, StoreError
from sim.sweeps.sweeping import RunFailed

SMALL = {"network_n_people": 40, "network_mean_degree": 4, "steps": 8, "replicates": 3, "loyalty": [0.3, 0.9]}


def made(swept) -> list[str]:
    return [reason for reason in swept.reasons if "made" in reason and "reused" not in reason]


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "runs"


def test_a_second_time_nothing_is_made(folder):
    first = sim.sweep(SMALL, folder)
    again = sim.sweep(SMALL, folder)
    assert first.reasons == ["6 runs made: the folder did not have them"]
    version = f"result version {points.RESULT_VERSION}"
    assert again.reasons == [f"6 runs reused: made earlier from the same configuration and seeds, under {version}"]
    assert again.digest == first.digest == sim.sweep(SMALL).digest


def test_a_design_can_be_extended_in_every_direction(folder):
    sim.sweep(SMALL, folder)
    larger = SMALL | {"loyalty": [0.3, 0.6, 0.9], "replicates": 4, "start": ["silent", "allied"]}
    swept = sim.sweep(larger, folder)
    assert made(swept) == ["18 runs made: the folder did not have them"]
    assert swept.digest == sim.sweep(larger).digest
    assert len(sim.open_sweep(folder).table) == 24
    assert sim.open_sweep(folder, SMALL).digest == sim.sweep(SMALL).digest
    assert sim.open_sweep(folder, larger).missing == 0
    assert sim.open_sweep(folder, larger | {"replicates": 6}).missing == 12


def test_other_designs_in_the_folder_are_left_alone_and_told(folder):
    sim.sweep(SMALL, folder)
    other = sim.sweep(SMALL | {"seed": 99}, folder)
    assert "6 runs of other designs in the folder left alone" in other.reasons
    assert set(other.table["replicate"]) == {0, 1, 2} and len(other.table) == 6


def test_runs_of_another_result_version_are_not_used_and_told(folder, monkeypatch):
    monkeypatch.setattr(points, "RESULT_VERSION", points.RESULT_VERSION - 1)
    sim.sweep(SMALL, folder)
    monkeypatch.undo()
    swept = sim.sweep(SMALL, folder)
    assert made(swept)[0] == "6 runs made: the folder did not have them"
    assert any("were made under result version" in reason for reason in swept.reasons)
    assert len(swept.table) == 6


def test_failed_runs_are_kept_and_tried_again_only_when_asked(folder, unforeseen):
    bad = {"kind": "table", "rows": [{"network_mean_degree": 4}, {"network_mean_degree": 90}], "network_n_people": 40,
           "steps": 5, "replicates": 2}  # fmt: skip
    first = sim.sweep(bad, folder)
    assert len(first.failures) == 2
    again = sim.sweep(bad, folder)
    assert any("2 runs failed earlier and were not tried again" in reason for reason in again.reasons)
    retried = sim.sweep(bad, folder, retry_failed=True)
    assert any("2 runs made again, because they had failed" in reason for reason in retried.reasons)
    assert first.digest == again.digest == retried.digest
    assert len(retried.table) == 4


def test_a_run_that_failed_and_then_came_through_is_a_finished_one(folder, monkeypatch):
    from sim.sweeps import work

    right = work.simulate

    def refuse(*args, **settings):
        raise MemoryError("no room")

    monkeypatch.setattr(work, "simulate", refuse)
    assert len(sim.sweep(SMALL, folder).failures) == 6
    monkeypatch.setattr(work, "simulate", right)
    swept = sim.sweep(SMALL, folder, retry_failed=True)
    assert len(swept.failures) == 0
    assert swept.digest == sim.sweep(SMALL).digest
    assert sim.open_sweep(folder).digest == swept.digest


def test_on_error_stop_keeps_the_row_and_says_how_to_replay_it(folder, unforeseen):
    bad = {"kind": "table", "rows": [{"network_mean_degree": 90}, {"network_mean_degree": 4}], "network_n_people": 40,
           "steps": 5, "replicates": 50}  # fmt: skip
    with pytest.raises(RunFailed, match="allyship replay") as stopped:
        sim.sweep(bad, folder, on_error="stop", workers=1, chunk=1)
    table = sim.open_sweep(folder).table
    assert 1 <= len(table) < 100
    key = str(stopped.value).split()[-1]
    assert table.set_index("key").loc[key, "status"] == "failed"
    assert sim.replay(folder, key).is_equal  # it fails again, in the same way


def test_asking_for_more_tables_makes_the_runs_again_and_says_why(folder):
    plain = sim.sweep(SMALL, folder)
    swept = sim.sweep(SMALL, folder, record=["steps"])
    assert made(swept) == ["6 runs made again, because the tables asked for with record were not kept before"]
    assert swept.digest == plain.digest
    assert len(swept.steps) == 6 * 9
    assert len(sim.open_sweep(folder).table) == 6
    assert made(sim.sweep(SMALL, folder)) == []


def test_many_small_parts_become_few(folder):
    swept = sim.sweep(SMALL | {"replicates": 75}, folder, chunk=1, workers=1)
    assert len(list((folder / "parts").iterdir())) < 100
    assert sim.open_sweep(folder).digest == swept.digest


def test_a_part_of_another_folder_can_be_copied_in(folder, tmp_path):
    """As after an array of jobs on a cluster: each has its own folder, and the parts are put together."""
    half = SMALL | {"loyalty": [0.9]}
    sim.sweep(half, tmp_path / "other")
    sim.sweep(SMALL | {"loyalty": [0.3]}, folder)
    for part in (tmp_path / "other" / "parts").iterdir():
        (folder / "parts" / part.name).write_bytes(part.read_bytes())
    swept = sim.sweep(SMALL, folder)
    assert made(swept) == []
    assert swept.digest == sim.sweep(SMALL).digest


def test_a_given_network_is_kept_with_its_runs(folder):
    club = networks.karate_club()
    swept = sim.sweep(sim.Design(axes={"network": "club", "steps": 5}, networks={"club": club}, replicates=2), folder)
    assert Store(folder).network(club.digest()).digest() == club.digest()
    assert sim.replay(folder, 1).is_equal
    assert swept.table["network_seed"].isna().all()


def test_a_replay_finds_a_number_that_was_changed(folder):
    swept = sim.sweep(SMALL, folder)
    rows = Store(folder).rows()
    import pyarrow as pa

    changed = pa.array([value + 1e-16 if value else 1e-16 for value in rows["mean_trust"].to_pylist()])
    for part in (folder / "parts").iterdir():
        part.unlink()
    Store(folder).add(rows.set_column(rows.column_names.index("mean_trust"), "mean_trust", changed))
    found = [sim.replay(folder, row) for row in range(len(swept.table))]
    assert any(not one.is_equal and "mean_trust" in one.differences[0] for one in found)


@pytest.mark.parametrize("row", [6, -1, 2.0, "zz", "", None])
def test_a_row_that_is_not_there_is_refused(folder, row):
    sim.sweep(SMALL, folder)
    with pytest.raises(sim.checks.InputError):
        sim.replay(folder, row)


def test_folders_that_are_no_store_are_refused_and_left_as_they_are(tmp_path):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("words")
    (tmp_path / "file").write_text("words")
    for name, words in (("thesis", "holds other things"), ("file", "is a file")):
        with pytest.raises(StoreError, match=words):
            sim.sweep(SMALL, tmp_path / name)
    assert [p.name for p in (tmp_path / "thesis").iterdir()] == ["chapter.txt"]
    with pytest.raises(StoreError, match="no sweep in"):
        sim.open_sweep(tmp_path / "nowhere")


def test_the_manifest_says_what_was_made_with_what(folder):
    sim.sweep(SMALL, folder)
    content = sim.manifest.read(folder)
    assert content["settings"]["design"]["axes"]["loyalty"] == [0.3, 0.9]
    again = sim.Design.of({**content["settings"]["design"]})
    assert {p.digest for p in again.points()} == {p.digest for p in sim.Design.of(SMALL).points()}


def test_a_folder_that_is_gone_is_no_empty_table(tmp_path):
    folder = tmp_path / "swept"
    swept = sim.sweep({"loyalty": [0.4, 0.6], "network_n_people": 50, "steps": 5}, folder)
    shutil.rmtree(folder)
    with pytest.raises(StoreError, match="no longer there"):
        _ = swept.table
