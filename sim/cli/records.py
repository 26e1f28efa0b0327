"""From settings to a run, from a run to a folder, and from the folder back to the same run.

Settings are one mapping that JSON can hold and that says everything that decides a run. The options of
``allyship run`` are turned into settings, a manifest keeps them, and both are carried out in the same way.
"""

from __future__ import annotations

import csv
import dataclasses
import io
import os
from pathlib import Path

from sim import __version__, manifest
from sim.checks import InputError, check_names, shown
from sim.cli import networks
from sim.cli.manners import interruptible
from sim.counting import counted
from sim.parameters import Parameters

MADE_BY = "allyship run"
SETTINGS = (
    "made_by", "parameters", "network", "network_digest", "steps", "start", "seed", "start_seed", "schedule",
    "record_people", "interventions",
)  # fmt: skip
REPEATED = ("history.csv", "people.csv")  # what a repeated run must give again, byte for byte
FILES = (*REPEATED, "parameters.toml", "trajectory.npz", manifest.NAME)
QUESTION = "One run: what prevails in the end, and how do both groups fare?"


def carry_out(settings: dict, *, folders=(Path(),), **about):
    """Return the run that the settings describe; files of the network are looked for in the folders.

    What else is given to `simulate` (`threads`, `record_to`) decides nothing about the run.
    """
    from sim import simulate

    parameters = Parameters.from_dict(settings["parameters"])
    network = networks.build(settings["network"], folders)
    chosen = {name: settings[name] for name in ("steps", "start", "seed", "start_seed", "schedule", "record_people")}
    chosen["interventions"] = settings.get("interventions", ())
    return interruptible(lambda: simulate(parameters, network, **about, **chosen))


@dataclasses.dataclass(frozen=True)
class Record:
    """What a folder says about the run in it: settings, SHA-256 of each file, versions of the libraries."""

    folder: Path
    settings: dict
    digests: dict[str, str]
    versions: dict

    def differences(self, run, texts: dict[str, str]) -> list[str]:
        """Return one line for each thing that came out differently than it was recorded."""
        lines = []
        if run.network.digest() != self.settings["network_digest"]:
            lines.append("the network differs from what was recorded: its file or its generator has changed")
        lines += [
            f"{name} differs from what was recorded{self._place(name, texts[name])}"
            for name in REPEATED
            if manifest.digest_of(texts[name]) != self.digests[name]
        ]
        if lines:
            lines += self._other_versions()
        return [*self._changed_files(), *lines]

    def _changed_files(self) -> list[str]:
        """Return a line for each file that is not what the manifest says; a manifest may also stand alone."""
        found = {name: _digest(self.folder / name) for name in FILES if name in self.digests}
        if not any(os.path.lexists(self.folder / name) for name in found):
            return []
        return [
            f"{name} beside the manifest {'is missing or unreadable' if digest is None else 'has been changed since'}"
            for name, digest in found.items()
            if digest != self.digests[name]
        ]

    def _other_versions(self) -> list[str]:
        now = manifest.versions() | {manifest.PACKAGE: __version__}
        changed = [
            f"{name} {old} then, {now.get(name)} now" for name, old in self.versions.items() if old != now.get(name)
        ]
        return [f"made with other versions: {'; '.join(changed)}"] if changed else []

    def _place(self, name: str, text: str) -> str:
        """Say where a table differs from the recorded one, if that is still there."""
        try:
            if manifest.sha256_of(self.folder / name) != self.digests[name]:
                return ""
            old = list(csv.reader(io.StringIO((self.folder / name).read_text(encoding="utf-8"), newline="")))
        except (OSError, ValueError, csv.Error):
            return ""
        new = list(csv.reader(io.StringIO(text, newline="")))
        if old[0] != new[0]:
            return ": it has other columns"
        for before, after in zip(old, new, strict=False):
            for column, one, other in zip(old[0], before, after, strict=True):
                if one != other:
                    place = f"{old[0][0]} {before[0]}, {column}"
                    return f", first at {place}: {one or 'nothing'} was recorded, {other or 'nothing'} came out"
        return f": {counted(len(old) - 1, 'row')} recorded, {len(new) - 1:,} came out"


def read(path: str) -> Record:
    """Read what `write` recorded, given the folder or its manifest."""
    content = manifest.read(path)
    folder = Path(path) if Path(path).is_dir() else Path(path).parent
    settings, what = content["settings"], f"manifest '{path}'"
    if settings.get("made_by") != MADE_BY:
        maker = shown(settings.get("made_by"))
        raise InputError(f"{what}: made_by = {maker} cannot be repeated here; it must be {MADE_BY!r}")
    check_names(f"{what}: setting", settings, SETTINGS)
    settings.setdefault("interventions", [])
    missing = [name for name in SETTINGS if name not in settings]
    if missing:
        raise InputError(f"{what}: setting {missing[0]!r} is missing; there must be {', '.join(SETTINGS)}")
    for name in ("parameters", "network"):
        if not isinstance(settings[name], dict):
            raise InputError(f"{what}: {name} must be a mapping, not {shown(settings[name])}")
    digests = {entry["file"]: entry["sha256"] for entry in content["outputs"]}
    for name in REPEATED:
        if name not in digests:
            raise InputError(f"{what}: outputs must have {name} to compare with; they have {shown(sorted(digests))}")
    for name in ("file", "nodes"):
        if isinstance(file := settings["network"].get(name), str) and manifest.leads_outside(file):
            raise InputError(f"{what}: network {name} = {shown(file)} must be a path inside a folder")
    versions = content["versions"] | {manifest.PACKAGE: content["package"].get("version")}
    return Record(folder, settings, digests, versions)


def check_folder(path: str, overwrite: bool) -> Path:
    """Refuse a folder that cannot be written or holds anything but an earlier run, before the work starts."""
    if not path or "\0" in path:
        raise InputError(f"--out = {shown(path)} is not usable: it must be the name of a folder")
    folder = Path(path)
    place = next(place for place in (folder, *folder.absolute().parents) if os.path.lexists(place))
    if not place.is_dir():
        raise InputError(f"--out = {shown(path)}: '{place}' is a file, not a folder; choose a new or empty folder")
    if not os.access(place, os.W_OK | os.X_OK):
        raise InputError(f"--out = {shown(path)}: '{place}' may not be written; choose another folder")
    _check_length(path, folder, place)
    entries = sorted(folder.iterdir()) if place is folder else []
    foreign = [entry.name for entry in entries if not _is_ours(entry)]
    if foreign:
        raise InputError(f"--out = {shown(path)} holds {shown(foreign[0])}, no part of a run; {_CHOOSE}")
    names = [entry.name for entry in entries if not _is_part(entry)]
    was_killed = len(names) < len(entries) and manifest.NAME not in names  # while it wrote: part files tell
    if names and not was_killed and not _holds_run(folder):
        raise InputError(f"--out = {shown(path)} holds {shown(names[0])} but no finished run; {_CHOOSE}")
    if names and not overwrite:
        what = "a run that was stopped while it was written" if was_killed else "an earlier run"
        raise InputError(f"--out = {shown(path)} holds {what}; add --overwrite to replace it, or {_CHOOSE}")
    return folder


def _check_length(path: str, folder: Path, place: Path) -> None:
    """Refuse names that are too long for the system; only folders that exist can be asked."""
    new = folder.absolute().parts[len(place.absolute().parts) :]
    for candidate in (*(place / name for name in new), folder / f".{max(FILES, key=len)}.00000000.part"):
        try:
            candidate.lstat()
        except FileNotFoundError:
            continue
        except OSError as problem:
            raise InputError(f"--out = {shown(path)} is not usable: {problem.strerror}; {_CHOOSE}") from None


_CHOOSE = "choose a new or empty folder"


def _holds_run(folder: Path) -> bool:
    try:
        read(str(folder))
    except InputError:
        return False
    return True


def texts_of(run) -> dict[str, str]:
    """Return the text files of a run by name; numbers are written so that reading gives the same bits."""
    return {
        "history.csv": run.history.to_csv(index=False, lineterminator="\n"),
        "people.csv": run.people.to_csv(index=False, lineterminator="\n"),
        "parameters.toml": run.parameters.to_toml(),
    }


def write(folder: Path, run, texts: dict[str, str], settings: dict, inputs) -> list[str]:
    """Write a run's folder, in place of an earlier run; return the names of the files."""
    contents: dict[str, str | bytes] = dict(texts)
    if settings["record_people"]:
        contents["trajectory.npz"] = _packed(run.trajectory)
    for entry in folder.iterdir() if folder.is_dir() else ():
        if _is_part(entry):
            entry.unlink(missing_ok=True)
    manifest.write_with(
        folder, contents, question=QUESTION, settings=recorded(settings, run), inputs=inputs,
        obsolete=set(FILES) - {*contents, manifest.NAME},
    )  # fmt: skip
    return [*contents, manifest.NAME]


def recorded(settings: dict, run) -> dict:
    """Return the settings of a run as a manifest keeps them."""
    network = networks.for_the_record(settings["network"])
    return settings | {"made_by": MADE_BY, "network": network, "network_digest": run.network.digest()}


def _packed(trajectory: dict) -> bytes:
    import numpy as np

    buffer = io.BytesIO()
    np.savez_compressed(buffer, **trajectory)
    return buffer.getvalue()


def _is_ours(entry: Path) -> bool:
    return entry.is_file() and (entry.name in FILES or _is_part(entry))


def _is_part(entry: Path) -> bool:
    return entry.is_file() and manifest.is_part_of(entry.name, FILES)


def _digest(path: Path) -> str | None:
    try:
        return manifest.sha256_of(path)
    except OSError:
        return None
