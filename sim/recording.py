"""Everybody's state at every step of a run: kept in memory, or streamed to a folder of plain NumPy files.

A folder holds one ``.npy`` file per column, written row after row: no more than one step of them is held at a time. It
is not written through memory maps: where the disk is full, these end the process and raise no error. Until the run is
over every file has another name, and the manifest comes last: a folder without one is not whole.
"""

from __future__ import annotations

import contextlib
import math
import os
import shutil
from pathlib import Path

import numpy as np

from sim import manifest
from sim.checks import InputError, check_count, check_flag, check_readable_file, made_folder, shown
from sim.counting import counted
from sim.state import FIELDS, LAST_STEP
from sim.tallies import N_TALLIES

KINDS = {name: np.dtype(np.uint8 if name in ("act", "betrayed") else np.float64) for name in FIELDS}
BYTES = sum(kind.itemsize for kind in KINDS.values())  # for each person and state
TALLIES_BYTES = 8 * N_TALLIES  # for each state
MADE_BY = "simulate"
QUESTION = "One run: what was everybody's state at every step?"
SETTINGS = (
    "made_by", "parameters", "interventions", "network_digest", "n_people", "steps", "first_step", "seed", "start_seed",
    "start", "schedule", "is_observed",
)  # fmt: skip
_HEADER = 4096  # bytes, more than any file has in front of its numbers
_PART = ".part"
_CGROUP = Path("/sys/fs/cgroup/memory.max")  # what a container may have


def recording_of(folder, n_people: int, steps: int, interventions=()) -> InMemory | InFolder:
    """Return what takes in the states of a run, one by one: a folder, or memory if that is None."""
    if folder is None:
        return InMemory(n_people, steps)
    _check_manifest(interventions)
    return InFolder(folder, n_people, steps)


class InMemory(contextlib.AbstractContextManager):
    """A recording in memory: arrays of shape (steps + 1, n_people); as a context, it does nothing.

    Parameters
    ----------
    n_people, steps : int

    Raises
    ------
    InputError
        If there is too little memory.
    """

    def __init__(self, n_people: int, steps: int):
        needed = BYTES * n_people * (steps + 1)
        try:
            if needed > memory_of_machine():
                raise MemoryError
            self._columns = {name: np.empty((steps + 1, n_people), kind) for name, kind in KINDS.items()}
        except MemoryError:
            raise InputError(
                f"recording {_size(n_people, steps)} takes {needed:,} bytes, more memory than there is; stream them to "
                "disk with record_to, the name of a new folder"
            ) from None
        self._row = 0

    def add(self, state) -> None:
        """Take in the next state."""
        for name, column in self._columns.items():
            column[self._row] = getattr(state, name)
        self._row += 1

    def finish(self, run) -> dict[str, np.ndarray]:
        """Return the trajectory of the run, which is over."""
        return self._columns

    def __exit__(self, *_):
        pass


class InFolder(contextlib.AbstractContextManager):
    """A recording in a folder that is new or empty; as a context, it leaves nothing there that is not finished.

    Parameters
    ----------
    folder : path
    n_people, steps : int

    Raises
    ------
    InputError
        If the folder holds anything or cannot be written to, or if the disk has too little room.
    """

    def __init__(self, folder, n_people: int, steps: int):
        if not isinstance(folder, str | os.PathLike):
            raise InputError(f"record_to must be the name of a folder, not {shown(folder)}")
        self._is_new = not os.path.lexists(folder)
        self._folder = made_folder(folder, what="record_to")
        self._files: dict = {}
        try:
            self._check_empty()
            self._check_room(n_people, steps)
            for name, kind in KINDS.items():
                self._begin(name, kind, (steps + 1, n_people))
        except BaseException:
            self._clear()
            raise

    def _check_empty(self) -> None:
        held = sorted(os.listdir(self._folder))
        if held:
            stopped = " (a recording that was stopped)" if held[0].endswith(_PART) else ""
            raise InputError(
                f"record_to = {shown(str(self._folder))} holds {shown(held[0])}{stopped}; choose a new or empty folder"
            )

    def _check_room(self, n_people: int, steps: int) -> None:
        needed = (BYTES * n_people + TALLIES_BYTES) * (steps + 1) + _HEADER * len(KINDS)
        free = shutil.disk_usage(self._folder).free
        if needed > free:
            raise InputError(
                f"record_to = {shown(str(self._folder))}: {_size(n_people, steps)} take {needed:,} bytes, but only "
                f"{free:,} are free there"
            )

    def _begin(self, name: str, kind: np.dtype, shape: tuple) -> None:
        path = self._folder / f"{name}.npy"
        with _naming(path):
            file = self._files[path] = _part_of(path).open("xb")  # refused if another run has just begun here
            header = {"descr": np.lib.format.dtype_to_descr(kind), "fortran_order": False, "shape": shape}
            np.lib.format.write_array_header_1_0(file, header)

    def add(self, state) -> None:
        """Write the next state."""
        for path, file in self._files.items():
            with _naming(path):
                file.write(getattr(state, path.stem).data)

    def finish(self, run) -> dict[str, np.ndarray]:
        """Make the folder whole, and return the trajectory of the run, which is over: read-only memory maps."""
        for name, array in (("tallies", run.tallies), ("picked", _picked(run))):
            self._begin(name, array.dtype, array.shape)
            path = self._folder / f"{name}.npy"
            with _naming(path):
                self._files[path].write(array.tobytes())
        for path, file in self._files.items():
            with _naming(path):
                file.flush()
                os.fsync(file.fileno())
                file.close()
        for path in self._files:
            _part_of(path).replace(path)
        manifest.write(self._folder, question=QUESTION, settings=_settings(run))
        self._files.clear()  # whole from here on, whatever happens
        return _columns_in(self._folder, run.network.n_people, run.steps)

    def __exit__(self, *_):
        self._clear()

    def _clear(self) -> None:
        """Remove what this recording has put there, and nothing else."""
        for path, file in self._files.items():
            with contextlib.suppress(OSError):  # on a full disk, of what was still to be written
                file.close()
            for one in (_part_of(path), path):
                with contextlib.suppress(OSError):
                    one.unlink(missing_ok=True)
        if self._is_new:
            with contextlib.suppress(OSError):
                self._folder.rmdir()


def read(folder) -> tuple[dict, dict[str, np.ndarray]]:
    """Return the settings of a recorded run, and the columns in its folder as read-only memory maps.

    Raises
    ------
    InputError
        If it is no recording, or one that is not whole.
    """
    try:
        held = sorted(os.listdir(Path(folder)))
    except (TypeError, ValueError, OSError) as problem:
        reason = getattr(problem, "strerror", None) or problem
        raise InputError(f"recording {shown(folder)} cannot be opened: {reason}") from None
    folder = Path(folder)
    where = f"recording {shown(str(folder))}"
    parts = [name for name in held if name.endswith(_PART)]
    if manifest.NAME not in held and parts:
        raise InputError(f"{where} is not whole: the run was stopped, or still goes on ({parts[-1]}); record it again")
    settings = manifest.read(folder)["settings"]
    _check_settings(settings, where)
    n_people, steps = settings["n_people"], settings["steps"]
    columns = _columns_in(folder, n_people, steps)
    columns["tallies"] = _column(folder, "tallies", np.dtype(np.int64), (steps + 1, N_TALLIES))
    columns["picked"] = _column(folder, "picked", np.dtype(bool), (len(settings["interventions"]), n_people))
    return settings, columns


def _check_settings(settings: dict, where: str) -> None:
    missing = [name for name in SETTINGS if name not in settings]
    if settings.get("made_by") != MADE_BY or missing:
        lacking = ", ".join(missing) or f"made_by = {MADE_BY}"
        raise InputError(f"{where} is not one of a run: its manifest has no {lacking}")
    for name, low, high in (("n_people", 1, None), ("steps", 0, None), ("first_step", 0, LAST_STEP)):
        check_count(f"{where}: {name}", settings[name], low, high)
    check_flag(f"{where}: is_observed", settings["is_observed"])
    for name, kinds in (("interventions", list), ("start", str | int | float)):
        if not isinstance(settings[name], kinds):
            raise InputError(f"{where}: {name} = {shown(settings[name])} is not what a run records")


def _check_manifest(interventions) -> None:
    """Refuse interventions that a manifest cannot hold, before the first step."""
    if not manifest.is_readable_with({"interventions": [one.to_dict() for one in interventions]}):
        raise InputError(
            "record_to: the interventions name more people or ties one by one than a manifest can hold; let a rule "
            "pick people (who, with share or count), or record them in memory"
        )


def memory_of_machine() -> int:
    """Return how many bytes of memory there are, for the machine or the container around."""
    import psutil

    there = psutil.virtual_memory().total
    try:
        return min(there, int(_CGROUP.read_text()))
    except (OSError, ValueError):  # no container, or one that may have it all
        return there


def _settings(run) -> dict:
    """Return everything that decides a run, as JSON can hold it."""
    return {
        "made_by": MADE_BY,
        "parameters": run.parameters.to_dict(),
        "interventions": [one.to_dict() for one in run.interventions],
        "network_digest": run.network.digest(),
        "n_people": run.network.n_people,
        **{name: getattr(run, name) for name in SETTINGS[5:]},
    }


def _picked(run) -> np.ndarray:
    """Return whom each intervention was given to: bool, shape (interventions, n_people)."""
    picked = np.zeros((len(run.picked), run.network.n_people), bool)
    for row, people in zip(picked, run.picked, strict=True):
        row[people] = True
    return picked


def _columns_in(folder: Path, n_people: int, steps: int) -> dict[str, np.ndarray]:
    return {name: _column(folder, name, kind, (steps + 1, n_people)) for name, kind in KINDS.items()}


def _column(folder: Path, name: str, kind: np.dtype, shape: tuple) -> np.ndarray:
    where = f"recording {shown(str(folder))}"
    path = check_readable_file(folder / f"{name}.npy", what=f"{where}: column")
    with path.open("rb") as file:
        try:
            given = _header(file)
        except (OSError, ValueError, TypeError, RecursionError, MemoryError) as problem:
            reason = getattr(problem, "strerror", None) or " ".join(str(problem).split())
            raise InputError(f"{where}: {path.name} cannot be read: {reason}") from None
        if given != (shape, False, kind):
            raise InputError(
                f"{where}: {path.name} must be {kind} of shape {shape}, not {given[2]} of shape {given[0]}"
                f"{' column by column' if given[1] else ''}"
            )
        begin, size = file.tell(), os.fstat(file.fileno()).st_size
        expected = begin + kind.itemsize * math.prod(shape)
        if size != expected:
            raise InputError(f"{where}: {path.name} must have {expected:,} bytes, not {size:,}")
        return np.memmap(file, kind, "r", begin, shape) if size > begin else np.empty(shape, kind)


def _header(file) -> tuple:
    """Return shape, whether it goes column by column, and kind of what is in a file of NumPy's."""
    version = np.lib.format.read_magic(file)
    if version != (1, 0):
        raise ValueError(f"its format is {version}, not the (1, 0) of a recording")
    return np.lib.format.read_array_header_1_0(file)


def _part_of(path: Path) -> Path:
    return path.with_name(path.name + _PART)


@contextlib.contextmanager
def _naming(path: Path):
    """Let a failure to write name the file: a full disk names none."""
    try:
        yield
    except OSError as problem:
        problem.filename = str(path)
        raise


def _size(n_people: int, steps: int) -> str:
    return f"{counted(n_people, 'person', 'people')} at {counted(steps + 1, 'state')}"
