"""The table of a sweep as a file: checked before the work starts, written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from sim.checks import InputError, shown

_END_OF_TABLE = "status,error,notes,seconds,key"  # how the first line of a table of runs ends


def check(name: str | None) -> Path | None:
    """Return where the table goes; refuse what cannot be written, and any file that is no table of runs."""
    if name is None:
        return None
    path = Path(name)
    try:
        if not name or name == "-" or "\0" in name:
            raise InputError(f"--csv = {shown(name)} must be the name of a file")
        if not path.absolute().parent.is_dir():
            raise InputError(f"--csv = {shown(name)}: there is no folder '{path.parent}'")
        if path.exists() and not path.is_file():
            raise InputError(f"--csv = {shown(name)} is no ordinary file")
        if path.exists() and path.stat().st_size and not _first_line(path).rstrip().endswith(_END_OF_TABLE):
            raise InputError(f"--csv = {shown(name)} exists and is no table of runs; name a new file")
        writable = path if path.exists() else path.absolute().parent
        if not os.access(writable, os.W_OK):
            raise InputError(f"--csv = {shown(name)} may not be written")
    except OSError as problem:
        raise InputError(f"--csv = {shown(name)} cannot be used: {problem.strerror}") from None
    return path


def _first_line(path: Path) -> str:
    with path.open(encoding="utf-8", errors="replace", newline="\n") as file:
        return file.readline(100_000)


def write(table, path: Path) -> None:
    """Write the whole table or leave what was there."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        table.to_csv(unfinished, index=False, lineterminator="\n")
        unfinished.replace(path)
    except OSError as problem:
        unfinished.unlink(missing_ok=True)
        raise InputError(
            f"--csv = {shown(str(path))} cannot be written: {problem.strerror}; the runs are safe in their folder, and "
            "the same command with another --csv makes none of them again"
        ) from None
