"""The folder that a sweep is kept in: parts that appear whole or not at all, and are never changed.

::

    folder/
      parts/runs-<hash>.parquet     finished runs; the name is the SHA-256 of the content, so a file proves itself
      designs/<hash>.json           what has been asked of this folder
      networks/<hash>.npz           given networks, so that every row can be replayed from the folder alone
      set_aside/                    files that are not what their name says; nothing here is ever read
      manifest.json                 versions, commit, command of the last sweep

Nothing is locked and nothing is written twice: two processes that make the same run write the same row, and one of
the two is read. A part of another sweep may be copied here; a row counts only for the design that asks for its key,
and a key is a hash of everything the run depends on.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import re
import secrets
import socket
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from sim.checks import InputError, shown
from sim.networks import Network
from sim.sweeps.columns import EVERY_OUTCOME, IDENTITY, REPEATED, chosen
from sim.sweeps.parts import CALMLY, empty, keys_of, without_doubles, written
from sim.sweeps.soundness import contradicting, what_is_wrong

PARTS, DESIGNS, NETWORKS, ASIDE = "parts", "designs", "networks", "set_aside"
_NAMES = {
    PARTS: re.compile(r"runs-([0-9a-f]{64})\.parquet"),
    DESIGNS: re.compile(r"([0-9a-f]{64})\.json"),
    NETWORKS: re.compile(r"([0-9a-f]{64})\.npz"),
}
_UNFINISHED = re.compile(r"\.unfinished-(.+)-(\d+)-[0-9a-f]{8}")
MANY_PARTS = 100  # from so many on, small parts are put together
SMALL, LARGE = 8_000_000, 64_000_000  # bytes: parts that are put together, and how large they may become


class StoreError(InputError, OSError):
    """A folder cannot be used as a store, or can no longer be written to; what is in it stays valid."""


class Store:
    """A folder of finished runs.

    Parameters
    ----------
    folder : path
    create : bool
        Whether a folder that is no store yet becomes one.

    Attributes
    ----------
    set_aside : list of str
        What was found damaged or foreign since this object was made, and why.
    """

    def __init__(self, folder, *, create: bool = False):
        self.folder = _checked_folder(folder, create)
        self.set_aside: list[str] = []
        self._agreeing: set[str] = set()  # parts that have been compared with each other
        self._known: dict[str, int] = {}  # sizes of the parts that were found to be sound
        if create:
            for name in (PARTS, DESIGNS):
                self._make(name)
            self._check_rest()
            self._drop_unfinished()
            self._drop_parts_of_manifest()

    def _check_rest(self) -> None:
        """Set aside what is damaged beside the parts, which are checked when they are read."""
        self.designs()
        for path in self._named(NETWORKS):
            with contextlib.suppress(StoreError):
                self.network(path.stem)

    # --- writing --------------------------------------------------------------------------------------------

    def add(self, table) -> None:
        """Add rows; they are there whole, or not at all."""
        self._put_part(written(table))

    def _put_part(self, content: bytes) -> str:
        """Write a part of our own making, which need not be examined; its hash is compared whenever it is read."""
        name = f"runs-{_sha256(content)}.parquet"
        self._put(PARTS, name, content)
        self._known[name] = len(content)
        return name

    def add_design(self, content: dict) -> None:
        """Note what is asked of this folder."""
        text = json.dumps(content, sort_keys=True, indent=1, allow_nan=False).encode()
        self._put(DESIGNS, f"{_sha256(text)}.json", text)

    def add_network(self, network: Network) -> None:
        """Keep a given network, once."""
        name = f"{network.digest()}.npz"
        if not (self.folder / NETWORKS / name).exists():
            buffer = io.BytesIO()
            np.savez_compressed(buffer, offsets=network.offsets, neighbours=network.neighbours,
                                is_marginalized=network.is_marginalized)  # fmt: skip
            self._put(NETWORKS, name, buffer.getvalue())

    def tidy(self, many: int = 2) -> None:
        """Put small parts together if there are so many, so that reading stays fast; no row is lost at any moment."""
        if len(self._named(PARTS)) < many:
            return
        sizes = {name: size for name, size in self._sound_parts() if size < SMALL}
        for group in _groups(list(sizes), sizes):
            self._merge(group)

    def _merge(self, names: list[str]) -> None:
        import pyarrow as pa

        tables = [rows for name in names if (rows := self._rows(name)) is not None]
        if len(tables) < 2:  # another process is at it
            return
        merged = self._put_part(written(without_doubles(pa.concat_tables(tables, promote_options="permissive"))))
        for name in set(names) - {merged}:
            with contextlib.suppress(OSError):  # another process was faster; or it stays: its rows are there twice
                (self.folder / PARTS / name).unlink()
            self._known.pop(name, None)

    def _put(self, kind: str, name: str, content: bytes) -> None:
        """Write a file under another name, force it to disk, and give it its name: whole or not at all."""
        self._make(kind)
        target = self.folder / kind / name
        with contextlib.suppress(OSError):
            if target.read_bytes() == content:
                return
        host = re.sub(r"[^A-Za-z0-9.]", "_", socket.gethostname())
        unfinished = target.with_name(f".unfinished-{host}-{os.getpid()}-{secrets.token_hex(4)}")
        try:
            with open(unfinished, "xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(unfinished, target)
            _sync_folder(target.parent)
        except OSError as problem:
            with contextlib.suppress(OSError):
                unfinished.unlink()
            raise StoreError(
                f"'{self.folder}' cannot be written to any more: {problem.strerror}. All runs that were finished "
                "before are safe in it; make room, or allow writing, and give the same command again"
            ) from problem

    def _make(self, kind: str) -> None:
        try:
            if not self.folder.is_dir():
                raise StoreError(f"'{self.folder}' is gone: it was removed or renamed while it was written to")
            (self.folder / kind).mkdir(parents=True, exist_ok=True)
        except StoreError:
            raise
        except OSError as problem:
            raise StoreError(f"'{self.folder}' cannot be written: {problem.strerror}") from None

    def _drop_parts_of_manifest(self) -> None:
        for path in self.folder.glob(".manifest.json.*.part"):
            with contextlib.suppress(OSError):
                path.unlink()

    def _drop_unfinished(self) -> None:
        """Remove what a process that was killed while writing has left; that of a living one is left alone."""
        for kind in (PARTS, DESIGNS, NETWORKS):
            for path in sorted((self.folder / kind).glob(".unfinished-*")):
                found = _UNFINISHED.fullmatch(path.name)
                host = re.sub(r"[^A-Za-z0-9.]", "_", socket.gethostname())
                if found and found[1] == host and not _is_running(int(found[2])):
                    with contextlib.suppress(OSError):
                        path.unlink()

    # --- reading --------------------------------------------------------------------------------------------

    def rows(self, columns: Iterable[str] | None = None, *, doubles: bool = False):
        """Return the rows of all sound parts as an Arrow table, each run once (a finished one before a failed one)."""
        import pyarrow as pa

        columns = None if columns is None else list(dict.fromkeys([*IDENTITY, *columns]))
        tables = self._tables(columns)
        table = pa.concat_tables(tables, promote_options="permissive") if tables else empty(columns)
        if doubles:
            return table
        single = without_doubles(table)
        if len(single) < len(table) and self._set_aside_contradictions():
            return self.rows(columns)
        return single

    def _set_aside_contradictions(self) -> bool:
        """Set parts aside that have other results for the same run: which of them is right, nobody can tell."""
        names = [name for name, _ in self._sound_parts()]
        if self._agreeing.issuperset(names):
            return False
        wrong = contradicting({name: self._rows(name, [*IDENTITY, *EVERY_OUTCOME]) for name in names})
        for name, key in wrong.items():
            self._put_aside(self.folder / PARTS / name, f"it and another part have different results for run {key}")
            self._known.pop(name, None)
        self._agreeing = set(names) - set(wrong)
        return bool(wrong)

    def _tables(self, columns) -> list:
        """Return the rows of every part; goes on until no part has appeared while others were read.

        Another process may put parts into a larger one at any time; the larger one is there before they go.
        """
        seen: set[str] = set()
        tables: dict = {}
        while new := {path.name for path in self._named(PARTS)} - seen:
            seen |= new
            tables |= {name: self._rows(name, columns) for name, _ in self._sound_parts() if name not in tables}
        return [tables[name] for name in sorted(tables) if tables[name] is not None]

    def keys(self) -> tuple[dict[str, str], set[str]]:
        """Return the keys of finished runs with what was recorded, and the keys of runs that failed."""
        if not self._named(PARTS):
            return {}, set()  # without waking the libraries that read tables
        return keys_of(self.rows([]))

    def designs(self) -> list[dict]:
        """Return what has been asked of this folder, in a fixed order."""
        found = []
        for path, content in self._sound_files(DESIGNS):
            try:
                design = json.loads(content)
            except (ValueError, RecursionError):
                design = None
            if isinstance(design, dict) and "axes" in design and isinstance(design["axes"], dict):
                found.append(design)
            else:
                self._put_aside(path, "it is no design")
        return found

    def network(self, digest: str) -> Network:
        """Return a given network by its digest."""
        path = self.folder / NETWORKS / f"{digest}.npz"
        try:
            with np.load(path, allow_pickle=False) as arrays:
                network = Network(arrays["offsets"], arrays["neighbours"], arrays["is_marginalized"])
            if network.digest() == digest:
                return network
            reason = "it is not the network that its name says"
        except FileNotFoundError:
            raise StoreError(f"'{path}' is missing; without it, runs on that network cannot be replayed") from None
        except Exception as problem:  # whatever a damaged archive leads to
            reason = f"it is damaged ({type(problem).__name__})"
        self._put_aside(path, reason)
        raise StoreError(f"'{path}' cannot be used: {reason}")

    def _sound_parts(self) -> list[tuple[str, int]]:
        """Return name and size of every part that is what its name says."""
        found = []
        for path in self._named(PARTS):
            if path.name not in self._known:
                content = self._verified(PARTS, path)
                if content is None:
                    continue
                reason = what_is_wrong(content)
                if reason:
                    self._put_aside(path, reason)
                    continue
                self._known[path.name] = len(content)
            found.append((path.name, self._known[path.name]))
        return found

    def _rows(self, name: str, columns=None):
        """Return the rows of a part; None if another process has just put it into a larger one."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        path = self.folder / PARTS / name
        content = self._verified(PARTS, path)
        if content is not None:
            try:
                if columns is not None:
                    columns = chosen(pq.read_schema(io.BytesIO(content)).names, columns)
                return pq.read_table(io.BytesIO(content), columns=columns, read_dictionary=REPEATED, **CALMLY)
            except (pa.ArrowException, OSError) as problem:
                self._put_aside(path, f"it cannot be read ({str(problem).splitlines()[0][:80]})")
        self._known.pop(name, None)
        return None

    def _sound_files(self, kind: str) -> Iterable[tuple[Path, bytes]]:
        for path in self._named(kind):
            content = self._verified(kind, path)
            if content is not None:
                yield path, content

    def _named(self, kind: str) -> list[Path]:
        """Return the files of a kind; what has no name of that kind is set aside."""
        found = []
        if not self.folder.is_dir():
            raise StoreError(f"'{self.folder}' is no longer there: somebody removed it, and the runs in it are gone")
        folder = self.folder / kind
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if path.name.startswith(".unfinished-"):
                continue
            if _NAMES[kind].fullmatch(path.name) and path.is_file():
                found.append(path)
            else:
                self._put_aside(path, "it is no file of a sweep")
        return found

    def _verified(self, kind: str, path: Path) -> bytes | None:
        """Return the content of a file if it is what its name says; otherwise set it aside."""
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as problem:
            self._put_aside(path, f"it cannot be read: {problem.strerror}")
            return None
        if _sha256(content) != _NAMES[kind].fullmatch(path.name)[1]:
            self._put_aside(path, "it is damaged: its content is not what its name says")
            return None
        return content

    def _put_aside(self, path: Path, reason: str) -> None:
        told = f"{path.relative_to(self.folder)} was set aside: {reason}"
        try:
            (self.folder / ASIDE).mkdir(exist_ok=True)
            os.replace(path, self.folder / ASIDE / f"{secrets.token_hex(4)}-{path.name}")
        except FileNotFoundError:
            return
        except OSError:
            told = f"{path.relative_to(self.folder)} is ignored: {reason}"  # a folder that may only be read
        if told not in self.set_aside:
            self.set_aside.append(told)


def _checked_folder(folder, create: bool) -> Path:
    try:
        path = Path(folder)
    except TypeError:
        raise InputError(f"folder must be a path, not {shown(folder)}") from None
    try:
        if path.exists() and not path.is_dir():
            raise StoreError(f"folder '{path}' is a file; a sweep is kept in a folder")
        is_store = (path / PARTS).is_dir()
        if is_store:
            return path
        if not create:
            raise StoreError(f"there is no sweep in '{path}': a sweep has a folder {PARTS!r} in it")
        if path.is_dir() and any(path.iterdir()):
            raise StoreError(f"folder '{path}' holds other things and no sweep; name a new or an empty folder")
        path.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as problem:
        if isinstance(problem, InputError):
            raise
        raise StoreError(f"folder {shown(str(path))} cannot be used: {getattr(problem, 'strerror', problem)}") from None
    return path


def _groups(names: list[str], sizes: dict[str, int]) -> Iterable[list[str]]:
    """Yield names in groups of at least two that are not too large together."""
    group: list[str] = []
    for name in names:
        if group and sum(sizes[one] for one in group) + sizes[name] > LARGE:
            yield group
            group = []
        group.append(name)
    if len(group) > 1:
        yield group


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _sync_folder(folder: Path) -> None:
    """Make the new name as lasting as the file; not every system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _is_running(process: int) -> bool:
    import psutil

    return psutil.pid_exists(process)
