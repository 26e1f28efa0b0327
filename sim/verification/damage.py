"""Section: files of a sweep that were damaged are noticed, named, set aside, and never used."""

from __future__ import annotations

import itertools
import tempfile
from pathlib import Path

import numpy as np

from sim.networks import Network, karate_club
from sim.sweeps import Design, open_sweep, sweep
from sim.verification.check import Check, Section, yes_or_no
from sim.verification.luck import Luck, one_of

REPLICATES = 4  # each is a part of its own


def empty(content: bytes, rng) -> bytes:
    """Return nothing."""
    return b""


def cut(content: bytes, rng) -> bytes:
    """Return the beginning."""
    return content[: int(rng.integers(1, len(content)))]


def bit_flipped(content: bytes, rng) -> bytes:
    """Return the same but for one bit."""
    place = int(rng.integers(len(content)))
    return content[:place] + bytes([content[place] ^ 1 << int(rng.integers(8))]) + content[place + 1 :]


def zeros(content: bytes, rng) -> bytes:
    """Return the same with a block of zeros."""
    length = min(300, len(content) // 2)
    place = int(rng.integers(4, len(content) - length))
    damaged = content[:place] + bytes(length) + content[place + length :]
    return damaged if damaged != content else bit_flipped(content, rng)


def appended(content: bytes, rng) -> bytes:
    """Return the same with more behind it."""
    return content + rng.bytes(int(rng.integers(1, 200)))


def noise(content: bytes, rng) -> bytes:
    """Return something else altogether."""
    return rng.bytes(500)


WAYS = (empty, cut, bit_flipped, zeros, appended, noise)
KINDS = ("parts", "parts", "parts", "designs", "networks")


def design(replicates: int = REPLICATES) -> Design:
    """Return a small design with one network that is given and one that is generated."""
    networks = {"club": karate_club(), "small": {"family": "two_groups", "n_people": 50, "mean_degree": 6}}
    axes = {"network": ["club", "small"], "loyalty": [0.5, 0.9], "steps": 5}
    return Design(axes=axes, networks=networks, replicates=replicates)


def finished_store(folder: Path):
    """Make a finished store of a few parts."""
    for replicates in range(1, REPLICATES + 1):
        swept = sweep(design(replicates), folder, executor="threads", workers=1, chunk=1000)
    return swept


def rows_of(table) -> set[str]:
    """Return the rows of a table but for the time they took, as texts."""
    return {repr(row) for row in table.drop(columns="seconds").itertuples(index=False, name=None)}


def copied(template: dict[str, bytes], folder: Path) -> None:
    """Write the files of a store anew."""
    for name, content in template.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def holds_its_network(path: Path) -> bool:
    """Tell whether a file holds the network that its name says: some bits of an archive carry nothing."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return Network(arrays["offsets"], arrays["neighbours"], arrays["is_marginalized"]).digest() == path.stem
    except Exception:  # whatever a damaged archive leads to
        return False


def problem_with(folder: Path, damaged: Path, digest: str, rows: set[str], *, is_read_first: bool) -> str:
    """Return what is wrong with how a damaged store is read and repaired; nothing if all is well."""
    asked, told = design(), []
    is_harmless = damaged.parent.name == "networks" and holds_its_network(damaged)
    if is_read_first:
        read = open_sweep(folder, asked)
        if rows_of(read.table) - rows:
            return "wrong rows are read"
        told += read.set_aside
    swept = sweep(asked, folder, executor="threads", workers=1)
    if not is_harmless and not any(damaged.name in line for line in told + swept.set_aside):
        return "nothing tells of it"
    if swept.digest != digest or rows_of(swept.table) != rows:
        return "another table after sweeping again"
    return ""


def damages(count: int, seed: int):
    """Damage one file of a finished store in one way, and look whether anything wrong is used or goes unnoticed."""
    with tempfile.TemporaryDirectory(prefix="allyship-") as work:
        swept = finished_store(Path(work, "template"))
        root, digest, rows = Path(work, "template"), swept.digest, rows_of(swept.table)
        files = [path for path in sorted(root.rglob("*")) if path.is_file()]
        template = {str(path.relative_to(root)): path.read_bytes() for path in files}
        for i, (kind, way) in enumerate(itertools.islice(itertools.cycle(itertools.product(KINDS, WAYS)), count)):
            rng, folder = Luck(seed, 7 * 10**6 + i), Path(work, f"store{i}")
            copied(template, folder)
            damaged = one_of(sorted((folder / kind).iterdir()), rng)
            damaged.write_bytes(way(damaged.read_bytes(), rng))
            problem = problem_with(folder, damaged, digest, rows, is_read_first=rng.random() < 0.5)
            yield yes_or_no(not problem, f"{kind}, {way.__name__}: {problem}")


def whole(count: int, seed: int):
    """Read undamaged stores: nothing may be set aside."""
    for _ in range(count):
        with tempfile.TemporaryDirectory(prefix="allyship-") as folder:
            swept = finished_store(Path(folder))
            read = open_sweep(folder, design())
            is_sound = not read.set_aside and read.digest == swept.digest and len(read.table) == 4 * REPLICATES
            yield yes_or_no(is_sound, "an undamaged store is not read as it was written")


SECTION = Section(
    "damage",
    "Damaged files are noticed",
    "A file that a disk, a copy or a hand has changed is named and not used; its runs are simply made again.",
    "Damage by somebody who knows the format and writes wrong numbers under the right name.",
    (
        Check("one file of a finished sweep (table, design or network) emptied, cut, with a flipped bit, a block of "
              "zeros, more behind it, or replaced by noise: used, untold, or another table after sweeping again (a "
              "network file that still holds the very ties its name is the digest of may stay)",
              damages, 90, 10, "1 = unnoticed"),
        Check("undamaged stores: nothing is set aside", whole, 3, 1, "1 = set aside"),
    ),
)  # fmt: skip
