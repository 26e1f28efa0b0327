"""Stores that are damaged, filled with foreign things, or refused by the disk: is wrong data ever used?

    python tests/torture/damage.py [--corruptions 300] [--refusals 100] [--full 12] [--replays 100] [--out damage.csv]

*Corruptions* of finished stores: whatever is broken has to be set aside and named, must not be used, and the same
design has to give the same digest again. *Refusals*: the disk says no at the n-th call, and for good. *Full*: a
small file system of its own runs full, or becomes read-only, during a sweep. *Replays*: random rows of a design with
several networks, starts, schedules and a ramp, made again bit for bit.
"""

from __future__ import annotations

import builtins
import contextlib
import errno
import hashlib
import importlib
import io
import itertools
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import click
import numpy as np

import sim
from sim.checks import InputError
from sim.sweeps.store import StoreError
from sim.verification.damage import rows_of
from sim.verification.replays import varied_design

sys.path.insert(0, str(Path(__file__).resolve().parent))
import kills
from kills import Broken

MOST = 5  # replicates; each is a part of its own


def design_of(replicates: int = MOST, **other) -> sim.Design:
    """Return the small design that the stores here are made of: one network is given, one is generated."""
    networks = {"club": sim.networks.karate_club(), "small": {"family": "two_groups", "n_people": 50, "mean_degree": 6}}
    axes = {"network": ["club", "small"], "loyalty": [0.5, 0.9], "steps": 5} | other
    return sim.Design(axes=axes, networks=networks, replicates=replicates)


class Lab:
    """A finished store of a few parts, one of another design, and what is true of them."""

    def __init__(self, work: Path):
        self.work, self.design = work, design_of()
        self.template, self.foreign = work / "template", work / "foreign"
        for replicates in range(1, MOST + 1):
            swept = sim.sweep(design_of(replicates), self.template, executor="threads", workers=1, chunk=1000)
        sim.sweep(design_of(2, loyalty=[0.1, 0.2]), self.foreign, executor="threads", workers=1, chunk=1000)
        self.digest = swept.digest
        self.rows = rows_of(swept.table)
        self.whole = sim.open_sweep(self.template).digest
        assert len(list((self.template / "parts").iterdir())) == MOST

    def copy(self) -> Path:
        """Return a copy of the finished store."""
        folder = self.work / f"s{secrets.token_hex(4)}"
        shutil.copytree(self.template, folder)
        return folder


# === corruptions ========================================================================================

CORRUPTIONS: dict = {}
SET_ASIDE, HARMLESS, REFUSED = "set aside", "harmless", "refused"


def corruption(expected: str = SET_ASIDE):
    """Register a function of (lab, folder, rng) that breaks a store, and returns the names that have to be told."""

    def register(function):
        CORRUPTIONS[function.__name__] = function, expected
        return function

    return register


def parts_of(folder: Path) -> list[Path]:
    return sorted((folder / "parts").iterdir())


def one_of(paths, rng) -> Path:
    paths = sorted(paths)
    return paths[int(rng.integers(len(paths)))]


def truncated(path: Path, size: int) -> list[str]:
    os.truncate(path, size)
    return [path.name]


def flipped(path: Path, rng, count: int = 1) -> list[str]:
    content = bytearray(path.read_bytes())
    for _ in range(count):
        content[int(rng.integers(len(content)))] ^= 1 << int(rng.integers(8))
    path.write_bytes(content)
    return [path.name]


def named_right(folder: Path, content: bytes, kind="parts", form="runs-{}.parquet") -> list[str]:
    """Write content under the name that its hash gives it."""
    path = folder / kind / form.format(hashlib.sha256(content).hexdigest())
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return [path.name]


def parquet_of(table) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    return sink.getvalue().to_pybytes()


def real_rows(folder: Path, rng):
    """Return the rows of one part, with what marks it as one."""
    import pyarrow.parquet as pq

    return pq.read_table(one_of(parts_of(folder), rng))


def altered(folder: Path, rng, name: str, values) -> list[str]:
    """Add a part in which one column is another, under the right name."""
    import pyarrow as pa

    rows = real_rows(folder, rng)
    column = values
    if not isinstance(values, pa.Array | pa.ChunkedArray):
        column = pa.array([values] * len(rows), rows.schema.field(name).type)
    return named_right(folder, parquet_of(rows.set_column(rows.column_names.index(name), name, column)))


@corruption()
def part_is_empty(lab, folder, rng):
    return truncated(one_of(parts_of(folder), rng), 0)


@corruption()
def part_is_one_byte(lab, folder, rng):
    return truncated(one_of(parts_of(folder), rng), 1)


@corruption()
def part_is_shorter(lab, folder, rng):
    path = one_of(parts_of(folder), rng)
    return truncated(path, int(rng.integers(2, path.stat().st_size)))


@corruption()
def all_parts_are_shorter(lab, folder, rng):
    return [name for path in parts_of(folder) for name in truncated(path, int(rng.integers(path.stat().st_size)))]


@corruption()
def bit_flipped(lab, folder, rng):
    return flipped(one_of(parts_of(folder), rng), rng)


@corruption()
def bits_flipped(lab, folder, rng):
    return flipped(one_of(parts_of(folder), rng), rng, 99)


@corruption()
def bytes_appended(lab, folder, rng):
    path = one_of(parts_of(folder), rng)
    with path.open("ab") as file:
        file.write(rng.bytes(int(rng.integers(1, 5000))))
    return [path.name]


@corruption()
def block_of_zeros(lab, folder, rng):
    path = one_of(parts_of(folder), rng)
    content = bytearray(path.read_bytes())
    begin = int(rng.integers(len(content) - 1000))
    content[begin : begin + 1000] = bytes(1000)
    path.write_bytes(content)
    return [path.name]


@corruption()
def two_parts_swapped(lab, folder, rng):
    first, second = (parts_of(folder)[i] for i in rng.permutation(MOST)[:2])
    content = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(content)
    return [first.name, second.name]


@corruption()
def part_renamed(lab, folder, rng):
    path = one_of(parts_of(folder), rng)
    names = [f"runs-{secrets.token_hex(32)}.parquet", "runs-1.parquet", "copy of it.parquet", path.name.upper(),
             path.name + ".bak", "ünïcode ☃.parquet", "new\nline.parquet", ".hidden"]  # fmt: skip
    name = names[int(rng.integers(len(names)))]
    path.rename(path.with_name(name))
    return [name]


@corruption()
def foreign_files(lab, folder, rng):
    import pyarrow as pa

    files = {"a.csv": b"key,point\n1,2\n", "noise.parquet": rng.bytes(500), "Thumbs.db": b"", "README": b"hello",
             "own.parquet": parquet_of(pa.table({"x": [1, 2]}))}  # fmt: skip
    name = sorted(files)[int(rng.integers(len(files)))]
    (folder / "parts" / name).write_bytes(files[name])
    return [name]


@corruption()
def folder_among_parts(lab, folder, rng):
    name = ["sub", f"runs-{secrets.token_hex(32)}.parquet", "designs"][int(rng.integers(3))]
    (folder / "parts" / name).mkdir()
    (folder / "parts" / name / "file").write_text("x")
    return [name]


@corruption()
def link_among_parts(lab, folder, rng):
    name = f"runs-{secrets.token_hex(32)}.parquet"
    targets = [one_of(parts_of(folder), rng), "/nowhere/at/all", folder / "parts" / name, folder, "/dev/zero"]
    (folder / "parts" / name).symlink_to(targets[int(rng.integers(len(targets)))])
    return [name]


@corruption(HARMLESS)
def link_to_a_sound_part(lab, folder, rng):
    path = one_of(parts_of(folder), rng)
    away = folder.with_suffix(".away")
    path.rename(away)
    path.symlink_to(away)
    return []


@corruption()
def pipe_among_parts(lab, folder, rng):
    os.mkfifo(folder / "parts" / f"runs-{'0' * 64}.parquet")
    return [f"runs-{'0' * 64}.parquet"]


@corruption(HARMLESS)
def part_is_gone(lab, folder, rng):
    one_of(parts_of(folder), rng).unlink()
    return []


@corruption(HARMLESS)
def all_parts_are_gone(lab, folder, rng):
    for path in parts_of(folder):
        path.unlink()
    return []


@corruption(HARMLESS)
def only_the_folder_is_left(lab, folder, rng):
    shutil.rmtree(folder)
    folder.mkdir()
    return []


@corruption(HARMLESS)
def part_twice(lab, folder, rng):
    """The rows of two parts also stand in a third one, with other seconds, as after a kill while tidying."""
    import pyarrow as pa

    rows = pa.concat_tables([real_rows(folder, rng), real_rows(folder, rng)])
    rows = rows.set_column(rows.column_names.index("seconds"), "seconds", pa.array(rng.random(len(rows))))
    named_right(folder, parquet_of(rows))
    return []


@corruption(HARMLESS)
def part_of_another_design(lab, folder, rng):
    for path in parts_of(lab.foreign):
        shutil.copy(path, folder / "parts")
    return []


@corruption()
def right_name_random_bytes(lab, folder, rng):
    return named_right(folder, rng.bytes(int(rng.integers(0, 3000))))


@corruption()
def right_name_broken_inside(lab, folder, rng):
    """Broken before its hash was taken, as by bad memory; not only in what nobody reads."""
    path = one_of(parts_of(folder), rng)
    whole = path.read_bytes()
    path.unlink()
    content = bytearray(whole)
    while reads_as(bytes(content), whole):
        content = bytearray(whole)
        begin = int(rng.integers(4, len(content) // 3))
        content[begin : begin + 200] = rng.bytes(200)
    return named_right(folder, bytes(content))


def reads_as(content: bytes, whole: bytes) -> bool:
    """Tell whether two Parquet files hold the same table: the extremes of a column are written there, and not used."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        first, second = (pq.read_table(io.BytesIO(one)).to_pandas() for one in (content, whole))
    except (pa.ArrowException, OSError):
        return False
    return first.equals(second)


@corruption()
def right_name_foreign_columns(lab, folder, rng):
    import pyarrow as pa

    return named_right(folder, parquet_of(pa.table({"x": [1.0, 2.0]})))


@corruption()
def right_name_no_mark(lab, folder, rng):
    return named_right(folder, parquet_of(real_rows(folder, rng).replace_schema_metadata(None)))


@corruption()
def right_name_other_mark(lab, folder, rng):
    mark = {"allyship_sim": "allyship-sim sweep, version 99"}
    return named_right(folder, parquet_of(real_rows(folder, rng).replace_schema_metadata(mark)))


@corruption()
def right_name_column_is_missing(lab, folder, rng):
    rows = real_rows(folder, rng)
    return named_right(folder, parquet_of(rows.drop_columns([one_of(rows.column_names, rng)])))


@corruption()
def right_name_column_of_another_kind(lab, folder, rng):
    import pyarrow as pa

    rows = real_rows(folder, rng)
    name = one_of(rows.column_names, rng)
    kind = pa.int32() if rows.schema.field(name).type == pa.string() else pa.string()
    return altered(folder, rng, name, pa.array([None] * len(rows), kind))


@corruption()
def right_name_column_twice(lab, folder, rng):
    rows = real_rows(folder, rng)
    name = one_of(rows.column_names, rng)
    return named_right(folder, parquet_of(rows.append_column(name, rows[name])))


@corruption()
def right_name_recorded_column_of_another_kind(lab, folder, rng):
    """Tables kept beside the one of runs are lists; text there breaks whoever reads it together with a real one."""
    import pyarrow as pa

    rows = real_rows(folder, rng)
    lists = rows.append_column("steps.ally_share", pa.array([[0.0]] * len(rows)))
    named_right(folder, parquet_of(lists))
    return named_right(folder, parquet_of(rows.append_column("steps.ally_share", pa.array(["x"] * len(rows)))))


@corruption()
def right_name_missing_values(lab, folder, rng):
    """Keys, states, places that are not there at all."""
    names = ("key", "point", "configuration", "root", "replicate", "seed", "place", "status", "recorded")
    return altered(folder, rng, one_of(names, rng), None)


@corruption()
def right_name_strange_words(lab, folder, rng):
    choices = [("point", "{"), ("point", "[1]"), ("configuration", "no JSON"), ("status", "nearly"), ("key", ""),
               ("key", "short"), ("configuration", "{}"), ("place", -1), ("replicate", -5)]  # fmt: skip
    return altered(folder, rng, *choices[int(rng.integers(len(choices)))])


@corruption()
def right_name_key_of_another_run(lab, folder, rng):
    """A row whose key is not the hash of what it says about itself."""
    import pyarrow as pa

    others = real_rows(folder, rng)["key"].to_pylist()
    rows = real_rows(lab.foreign, rng)
    for path in parts_of(folder):  # so that the true rows cannot hide it
        path.unlink()
    keys = pa.array([others[i % len(others)] for i in range(len(rows))])
    return named_right(folder, parquet_of(rows.set_column(0, "key", keys)))


@corruption()
def right_name_same_run_other_values(lab, folder, rng):
    """Two finished rows of one run that contradict each other: one of them is wrong."""
    return altered(folder, rng, one_of(("ally_share", "mean_trust"), rng), 0.123456)


@corruption(HARMLESS)
def very_many_rows(lab, folder, rng):
    """Tens of thousands of sound rows of another design."""
    import pyarrow as pa

    rows = real_rows(lab.foreign, rng)
    few = rows.take(pa.array(np.arange(30_000) % len(rows)))
    named_right(folder, parquet_of(few))
    return []


@corruption()
def design_is_damaged(lab, folder, rng):
    path = one_of((folder / "designs").iterdir(), rng)
    return truncated(path, int(rng.integers(path.stat().st_size))) if rng.random() < 0.5 else flipped(path, rng)


@corruption()
def own_design_is_damaged(lab, folder, rng):
    """The file of the very design that is swept again, of the same length as before."""
    for path in (folder / "designs").iterdir():
        if json.loads(path.read_text()) == lab.design.to_dict():
            return flipped(path, rng)
    raise LookupError("no such design")


@corruption()
def design_right_name_no_design(lab, folder, rng):
    content = [b"{", b"[]", b"7", b"{}", rng.bytes(50), b'{"axes": 3}', b"[" * 5000][int(rng.integers(7))]
    return named_right(folder, content, "designs", "{}.json")


@corruption()
def foreign_file_among_designs(lab, folder, rng):
    (folder / "designs" / "mine.toml").write_text("loyalty = 3")
    return ["mine.toml"]


@corruption()
def network_is_damaged(lab, folder, rng):
    path = one_of((folder / "networks").iterdir(), rng)
    return truncated(path, int(rng.integers(path.stat().st_size))) if rng.random() < 0.5 else flipped(path, rng, 9)


@corruption()
def network_is_another(lab, folder, rng):
    other = sim.networks.two_groups(n_people=40, seed=1)
    buffer = io.BytesIO()
    np.savez(buffer, offsets=other.offsets, neighbours=other.neighbours, is_marginalized=other.is_marginalized)
    path = one_of((folder / "networks").iterdir(), rng)
    path.write_bytes(buffer.getvalue())
    return [path.name]


@corruption()
def network_is_no_network(lab, folder, rng):
    buffer = io.BytesIO()
    np.savez(buffer, offsets=np.array([0, 10**9]), neighbours=np.array([5, 3]), is_marginalized=np.array(["x"]))
    path = one_of((folder / "networks").iterdir(), rng)
    path.write_bytes(buffer.getvalue())
    return [path.name]


@corruption(HARMLESS)
def manifest_is_damaged(lab, folder, rng):
    path = folder / "manifest.json"
    path.write_bytes([b"", rng.bytes(100), b"{}"][int(rng.integers(3))])
    one_of(parts_of(folder), rng).unlink()  # so that something is made, and a manifest written
    return []


@corruption(REFUSED)
def folder_in_place_of_manifest(lab, folder, rng):
    (folder / "manifest.json").unlink()
    (folder / "manifest.json").mkdir()
    one_of(parts_of(folder), rng).unlink()
    return []


@corruption(REFUSED)
def file_in_place_of_parts(lab, folder, rng):
    shutil.rmtree(folder / "parts")
    (folder / "parts").write_text("x")
    return []


@corruption(REFUSED)
def file_in_place_of_designs(lab, folder, rng):
    shutil.rmtree(folder / "designs")
    (folder / "designs").write_text("x")
    return []


@corruption()
def file_in_place_of_set_aside(lab, folder, rng):
    """What is damaged cannot be moved away, and is not used all the same."""
    (folder / "set_aside").write_text("x")
    return flipped(one_of(parts_of(folder), rng), rng)


@corruption(HARMLESS)
def leftovers(lab, folder, rng):
    """What killed processes leave behind, and what only looks like that."""
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    host = kills.living_leftover(folder).name.split("-")[1]
    for name in (f".unfinished-{host}-{dead.pid}-00000000", ".unfinished-", f".unfinished-{host}-x-1"):
        (folder / "parts" / name).write_bytes(rng.bytes(10))
    return []


def check_corruption(lab: Lab, name: str, rng: np.random.Generator) -> dict:
    """Break a store in one way, and check that nothing of it is used and everything is told."""
    corrupt, expected = CORRUPTIONS[name]
    folder = lab.copy()
    names = corrupt(lab, folder, rng)
    twin = folder.with_name(f"{folder.name}-twin")
    with contextlib.suppress(OSError):
        shutil.copytree(folder, twin, symlinks=True) if name != "pipe_among_parts" else None
    if expected == REFUSED:
        with contextlib.suppress(StoreError):
            if rows_of(sim.open_sweep(folder, lab.design).table) - lab.rows:
                raise Broken("reading shows wrong rows")
        try:
            sim.sweep(lab.design, folder)
        except StoreError as problem:
            if str(folder) not in str(problem):
                raise Broken(f"the message names no folder: {problem}") from None
        else:
            raise Broken("was not refused")
        return {"named": 0}
    if twin.is_dir() and (twin / "parts").is_dir():  # read it first, before a sweep has repaired it
        _check_reading(lab, twin, corrupt.__name__, expected, names)
    swept, made = kills.resumed(folder, lab.design)
    _check_told(names if expected == SET_ASIDE else [], swept.reasons, "reasons")
    _check_told(names if expected == SET_ASIDE else [], swept.set_aside, "set_aside")
    if expected == HARMLESS and swept.set_aside:
        raise Broken(f"harmless, but set aside: {swept.set_aside}")
    if swept.digest != lab.digest:
        raise Broken("another digest after sweeping again")
    again, made_again = kills.resumed(folder, lab.design)
    if made_again or again.digest != lab.digest:
        raise Broken(f"at the second time {len(made_again)} runs were made, digest equal: {again.digest == lab.digest}")
    if again.set_aside and name != "file_in_place_of_set_aside":
        raise Broken(f"set aside again: {again.set_aside}")
    with_club = int(np.flatnonzero(again.table["network"] == "club")[0])
    if not sim.replay(again, with_club).is_equal:
        raise Broken("a row cannot be replayed")
    sim.sweeps.store.Store(folder).designs()
    shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(twin, ignore_errors=True)
    return {"made": len(made), "named": len(names)}


def _check_reading(lab: Lab, folder: Path, name: str, expected: str, names: list[str]) -> None:
    swept = sim.open_sweep(folder, lab.design)
    strange = rows_of(swept.table) - lab.rows
    if strange:
        raise Broken(f"reading shows {len(strange)} rows that are not of this design: {sorted(strange)[0][:150]}")
    if expected == SET_ASIDE and all(n.endswith(".parquet") for n in names):
        _check_told(names, swept.set_aside, "set_aside of open_sweep")
    whole = sim.open_sweep(folder)
    table = whole.table
    if name in ("part_of_another_design", "very_many_rows") and set(table["loyalty"]) != {0.1, 0.2, 0.5, 0.9}:
        raise Broken("rows of the other design are not shown without a design")
    if name in ("part_twice", "leftovers", "link_to_a_sound_part") and whole.digest != lab.whole:
        raise Broken("another digest of the whole folder")
    repr(whole)
    whole.arrays(["ally_share"])


def _check_told(names: list[str], lines: list[str], where: str) -> None:
    for name in names:
        if not any(name in line or repr(name)[1:-1] in line for line in lines):
            raise Broken(f"{name[:24]} is not told of in {where}: {lines}")


# === the disk says no ===================================================================================

CALLS = ("replace", "open", "fsync", "mkdir", "unlink")
ERRORS = ("ENOSPC", "EROFS", "EACCES", "EIO", "EDQUOT", "EFBIG")


@contextlib.contextmanager
def refusing(folder: Path, name: str, count: int, code: int):
    """Let the n-th call of a function on something in the folder, and all later ones, fail."""
    calls = 0
    lock = threading.Lock()

    def check(path) -> None:
        nonlocal calls
        if str(path).startswith(str(folder)):
            with lock:
                calls += 1
            if calls >= count:
                raise OSError(code, os.strerror(code), str(path))

    where = builtins if name == "open" else os
    real = getattr(where, name)

    def call(*arguments, **named):
        if name == "open":
            mode = arguments[1] if len(arguments) > 1 else named.get("mode", "r")
            if set("wxa+") & set(mode):
                check(arguments[0])
        elif name == "fsync":
            check(os.readlink(f"/proc/self/fd/{arguments[0]}"))
        elif not (name == "mkdir" and os.path.isdir(arguments[0])):
            check(arguments[0])
        return real(*arguments, **named)

    setattr(where, name, call)
    try:
        yield lambda: calls >= count
    finally:
        setattr(where, name, real)


def check_refusal(lab: Lab, name: str, count: int, error: str, executor: str = "threads") -> dict:
    """Sweep on a disk that refuses from some call on: a clear message, a sound store, and the same digest later."""
    module = importlib.import_module("sim.sweeps.sweeping")

    folder = lab.work / f"r{secrets.token_hex(4)}"
    many, module.MANY_PARTS = module.MANY_PARTS, 4
    kept: list[str] = []
    add = sim.sweeps.store.Store.add
    told = ""
    try:
        sim.sweeps.store.Store.add = lambda self, table: (add(self, table), kept.extend(table["key"].to_pylist()))[0]
        with refusing(folder, name, count, getattr(errno, error)) as has_refused:
            try:
                swept = sim.sweep(lab.design, folder, executor=executor, workers=2, chunk=2)
                if swept.digest != lab.digest:
                    raise Broken("another digest, and nothing was told")
            except StoreError as problem:
                told = str(problem)
        refused = has_refused()
    finally:
        sim.sweeps.store.Store.add, module.MANY_PARTS = add, many
    if told and (str(folder) not in told or "\n" in told):
        raise Broken(f"unclear message: {told}")
    if folder.is_dir():
        had = kills.check_folder(folder)
        if set(kept) - had:
            raise Broken(f"{len(set(kept) - had)} finished runs are lost")
        if not told and refused and name != "fsync" and kills.leftovers(folder):
            raise Broken(f"left over: {kills.leftovers(folder)}")
    else:
        had = set()
    check_rest(lab, folder, had)
    return {"killed": refused, "told": told[:120], "had": len(had)}


def check_rest(lab: Lab, folder: Path, had: set[str]) -> None:
    """Sweep again without hindrance: nothing is made twice, and the digest is the same."""
    swept, made = kills.resumed(folder, lab.design)
    if set(made) & had:
        raise Broken("finished runs were made again")
    if swept.digest != lab.digest or swept.set_aside:
        raise Broken(f"another digest, or something was set aside: {swept.set_aside}")


@contextlib.contextmanager
def small_disk(folder: Path, kilobytes: int):
    """Mount a file system of a given size; raises OSError where that is not allowed."""
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", folder], capture_output=True)
    if done.returncode:
        raise OSError(f"mounting is not allowed here: {done.stderr.decode().strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def check_full(work: Path, number: int, rng: np.random.Generator, digest: str, span: float) -> dict:
    """Let a small file system run full, or become read-only, while a sweep in another process writes to it."""
    disk = work / f"disk{number}"
    becomes_read_only = number % 3 == 2
    size = 65536 if becomes_read_only else int(rng.choice([32, 64, 128, 256, 384, 512, 768, 1024]))
    with small_disk(disk, size):
        folder = disk / "store"
        executor = ("threads", "processes")[number % 2]
        trial = kills.Trial(folder, work / f"disk{number}.log", executor=executor, workers=1 + number // 2 % 2,
                            tidy_every=(300, 6)[number % 2])  # fmt: skip
        if becomes_read_only:
            trial.wait_for("begin")
            time.sleep(rng.uniform(0.1, 0.8) * span)
            while subprocess.run(["mount", "-o", "remount,ro", disk], capture_output=True).returncode:
                if trial.process.poll() is not None:
                    break
        code = trial.ended()
        told = trial.told().strip().splitlines()[-1:] or [""]
        subprocess.run(["mount", "-o", "remount,rw,size=65536k", disk], check=True)
        if code not in (0, 1) or (code == 1 and "StoreError" not in told[0]):
            raise Broken(f"exit code {code}: {told[0][:200]}")
        had = kills.check_folder(folder) if folder.is_dir() else set()
        kept = {key for line in trial.lines("kept") for key in line}
        if kept - had:
            raise Broken(f"{len(kept - had)} finished runs are lost")
        kills.check_resumed(folder, had, digest)
    return {"killed": code != 0, "had": len(had), "told": told[0][:120]}


def check_removed(work: Path, number: int, rng: np.random.Generator, digest: str, span: float) -> dict:
    """Remove the folder during a sweep: the process either says so or returns all runs."""
    folder = work / f"removed{number}"
    trial = kills.Trial(folder, folder.with_suffix(".log"), executor=("threads", "processes")[number % 2])
    trial.wait_for("kept")
    time.sleep(rng.uniform(0, 0.7) * span)
    shutil.rmtree(folder, ignore_errors=True)
    code = trial.ended()
    told = trial.told().strip().splitlines()[-1:] or [""]
    if code == 0 and trial.lines("digest")[0] != [digest, str(kills.N_RUNS)]:
        raise Broken(f"says nothing and returns {trial.lines('digest')[0][1]} of {kills.N_RUNS} runs")
    if code and "StoreError" not in told[0]:
        raise Broken(f"exit code {code}: {told[0][:200]}")
    had = kills.check_folder(folder) if folder.is_dir() else set()
    kills.check_resumed(folder, had, digest)
    return {"killed": code != 0, "had": len(had), "told": told[0][:120]}


# === rows made again ====================================================================================


def check_replays(work: Path, count: int, rng: np.random.Generator) -> list[dict]:
    """Replay random rows, half of them with a ramp, from their folder alone."""
    rows = []
    for ramp in (False, True):
        folder = work / f"varied{ramp}"
        sim.sweep(varied_design(ramp=ramp), folder, workers=2)
        swept = sim.open_sweep(folder)
        for number in rng.choice(len(swept.table), count // 2 + (count % 2) * (not ramp), replace=False):
            row = {"kind": "replay", "number": int(number), "about": f"ramp {ramp}"}
            result = sim.replay(swept, int(number))
            row["outcome"] = "sound" if result.is_equal else f"Broken: {result.differences[:3]}"
            rows.append(row)
    return rows


# === all of it ==========================================================================================


def plan_of_refusals(count: int, rng: np.random.Generator) -> list[dict]:
    """Return settings of so many refusals."""
    return [{"name": CALLS[i % len(CALLS)], "count": int(rng.integers(1, 24)), "error": ERRORS[i % len(ERRORS)],
             "executor": ("threads", "processes")[i // 5 % 2]} for i in range(count)]  # fmt: skip


def attempt(kind: str, number: int, about: str, trial) -> dict:
    """Make one trial, and return one row of the table."""
    row = {"kind": kind, "number": number, "about": about}
    try:
        row |= trial() | {"outcome": "sound"}
    except Broken as problem:
        row["outcome"] = f"Broken: {' '.join(str(problem).split())[:300]}"
    except InputError as problem:
        row["outcome"] = f"refused: {' '.join(str(problem).split())[:300]}"
    except Exception as problem:  # what a user would see as a traceback
        row["outcome"] = f"traceback: {type(problem).__name__}: {' '.join(str(problem).split())[:300]}"
    return row


@click.command()
@click.option("--corruptions", default=300, show_default=True)
@click.option("--refusals", default=100, show_default=True)
@click.option("--full", default=12, show_default=True, help="Small file systems; needs the right to mount.")
@click.option("--removed", default=10, show_default=True)
@click.option("--replays", default=100, show_default=True)
@click.option("--seed", default=0, show_default=True)
@click.option("--out", type=click.Path(dir_okay=False), help="CSV with one row per trial.")
def main(corruptions: int, refusals: int, full: int, removed: int, replays: int, seed: int, out: str | None) -> None:
    """Damage stores, refuse to write them, and look for what goes unnoticed."""
    rng = np.random.default_rng(seed)
    work = Path(tempfile.mkdtemp(prefix="damage-"))
    lab = Lab(work)
    names = [name for _, name in zip(range(corruptions), itertools.cycle(CORRUPTIONS), strict=False)]
    rows = [attempt("corruption", i, name, lambda name=name: check_corruption(lab, name, rng))
            for i, name in enumerate(names)]  # fmt: skip
    rows += [attempt("refusal", i, f"{about}", lambda about=about: check_refusal(lab, **about))
             for i, about in enumerate(plan_of_refusals(refusals, rng))]  # fmt: skip
    if full or removed:
        digest, span = kills.undisturbed(), kills.time_of_a_sweep(work / "timed")
        kinds = [("full disk", full, check_full), ("removed folder", removed, check_removed)]
        rows += [attempt(kind, i, "", lambda i=i, check=check: check(work, i, rng, digest, span))
                 for kind, count, check in kinds for i in range(count)]  # fmt: skip
    rows += check_replays(work, replays, rng) if replays else []
    kills.report(rows, out)
    for name in dict.fromkeys(row["about"] for row in rows if row["kind"] == "corruption"):
        bad = [row["outcome"] for row in rows if row["about"] == name and row["outcome"] != "sound"]
        if bad:
            click.echo(f"{name}: {len(bad)} broken, e.g. {bad[0][:200]}")
    shutil.rmtree(work, ignore_errors=True)
    sys.exit(any(row["outcome"] != "sound" for row in rows))


if __name__ == "__main__":
    main()
