"""What was run, with what, and what came out: one small JSON file beside every result.

>>> import sim.manifest
>>> path = sim.manifest.write("my_results", question="Does X tip?", settings={"seed": 7})  # doctest: +SKIP
>>> sim.manifest.read(path)["settings"]  # doctest: +SKIP
{'seed': 7}
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
import os
import platform
import re
import secrets
import subprocess
import sys
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from sim import __version__
from sim.checks import InputError, check_readable_file, shown

SCHEMA = "allyship-sim manifest"
SCHEMA_VERSION = 1
NAME = "manifest.json"
PACKAGE = "allyship-sim"
LIBRARIES = ("numpy", "numba", "networkx", "mesa", "pandas", "matplotlib")

_MOST_BYTES = 16_000_000
_ROOM_FOR_THE_REST = 100_000  # bytes of a manifest that are not its settings
_MOST_LEVELS = 20  # of lists and mappings inside each other in `settings`
_TOLD_BY_GIT = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")  # would make git look elsewhere


def write(folder, *, question: str, settings: dict, inputs=None, outputs=None) -> Path:
    """Write ``manifest.json`` into a folder, whole or not at all.

    Parameters
    ----------
    folder : path
        Made if it does not exist. An earlier manifest in it is replaced.
    question : str
        What the results are about, in a sentence.
    settings : dict
        Everything that is needed to get the results again, as JSON can hold it: parameters, seeds, source of
        the network, steps, start, schedule. NumPy numbers and arrays become numbers and lists; NaN and
        infinity are refused.
    inputs, outputs : iterable of paths, optional
        Files that went in and came out; each is recorded with its SHA-256. Write them before the manifest.

    Returns
    -------
    Path
        Of the manifest.

    Raises
    ------
    InputError
        If `settings` cannot be written as JSON or a file is missing.
    OSError
        If the folder cannot be written.

    Notes
    -----
    Nothing in it tells whose machine it was: no host or user name, no path from outside the current folder.
    """
    folder = Path(folder)
    text = _text(question, settings, _digests(inputs, "inputs", folder), _digests(outputs, "outputs", folder))
    folder.mkdir(parents=True, exist_ok=True)
    return write_whole(folder / NAME, text)


def write_with(folder, contents: dict[str, str | bytes], *, question: str, settings: dict, inputs=None, obsolete=()):
    """Write files into a folder together with their manifest; what was there stays until all is on the disk.

    Parameters
    ----------
    folder : path
        Made if it does not exist.
    contents : dict
        What goes into each file, by name.
    question, settings, inputs
        As for `write`.
    obsolete : iterable of str, optional
        Names of files of an earlier run that must not stand beside this manifest.

    Notes
    -----
    The old manifest goes first and the new one comes last, so that none ever stands beside files that are not
    its own. Whoever is killed in between leaves the new manifest as a part file (see `is_part_of`).
    """
    folder = Path(folder)
    outputs = [{"file": name, "sha256": digest_of(content)} for name, content in contents.items()]
    text = _text(question, settings, _digests(inputs, "inputs", folder), outputs)
    folder.mkdir(parents=True, exist_ok=True)
    parts: dict[Path, Path] = {}
    try:
        for name, content in [*contents.items(), (NAME, text)]:
            path = folder / name
            parts[path] = _part_of(path)
            _write_part(parts[path], path, content)
        (folder / NAME).unlink(missing_ok=True)
    except BaseException:
        for part in parts.values():
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
        raise
    for name in obsolete:
        (folder / name).unlink(missing_ok=True)
    for path, part in parts.items():
        part.replace(path)


def _text(question: str, settings: dict, inputs: list, outputs: list) -> str:
    if not isinstance(question, str):
        raise InputError(f"question must be a text, not {shown(question)}")
    if not isinstance(settings, dict):
        raise InputError(f"settings must be a mapping of names to values, not {shown(settings)}")
    content = {
        "schema": SCHEMA,
        "schema_version": SCHEMA_VERSION,
        "question": question,
        "package": {"name": PACKAGE, "version": __version__},
        "git": _git(),
        "versions": versions(),
        "platform": {"machine": platform.machine(), "system": platform.system()},
        "command": [short_path(word) for word in sys.argv],
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "settings": _plain(settings, "settings"),
        "inputs": inputs,
        "outputs": outputs,
    }
    return json.dumps(content, indent=2, allow_nan=False) + "\n"


def read(path) -> dict:
    """Read a manifest, given its path or the folder that holds it, and check that it is one.

    Raises
    ------
    InputError
        If it is missing, is not a manifest of a known version, or lacks something a manifest has.
    """
    try:
        path = Path(path)
        path = path / NAME if path.is_dir() else path
    except (TypeError, ValueError, OSError):
        pass  # the next line says what is wrong with it
    path = check_readable_file(path, what="manifest")
    try:
        with path.open("rb") as file:
            raw = file.read(_MOST_BYTES + 1)
    except OSError as problem:
        raise InputError(f"manifest '{path}' cannot be read: {problem.strerror}") from None
    if len(raw) > _MOST_BYTES:
        raise InputError(f"manifest '{path}' is too long: it must have at most {_MOST_BYTES} bytes")
    try:
        content = json.loads(raw.decode(), object_pairs_hook=_distinct, parse_constant=_refuse_constant)
    except InputError as problem:
        raise InputError(f"manifest '{path}': {problem}") from None
    except (ValueError, RecursionError) as problem:
        raise InputError(f"manifest '{path}' is not valid JSON: {problem}") from None
    _check(content, f"manifest '{path}'")
    return content


def is_readable_with(settings: dict) -> bool:
    """Tell whether a manifest with these settings is short enough for `read`."""
    text = json.dumps({"settings": _plain(settings, "settings")}, indent=2)
    return len(text) <= _MOST_BYTES - _ROOM_FOR_THE_REST


def write_whole(path, content: str | bytes) -> Path:
    """Write a file (text in UTF-8) so that it is there whole or not at all; return its path."""
    path = Path(path)
    part = _part_of(path)
    try:
        _write_part(part, path, content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path


def is_part_of(name: str, files) -> bool:
    """Tell whether a name is that of a part file: one of `files`, only half written when its writer was killed."""
    match = re.fullmatch(r"\.(.+)\.[0-9a-f]{8}\.part", name)
    return match is not None and match[1] in files


def _part_of(path: Path) -> Path:
    return path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")


def _write_part(part: Path, path: Path, content: str | bytes) -> None:
    try:
        with part.open("xb") as file:
            file.write(_encoded(content))
            file.flush()
            os.fsync(file.fileno())
    except OSError as problem:
        problem.filename = str(path)  # a full disk names no file, and nobody knows the part file
        raise


def sha256_of(path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_of(content: str | bytes) -> str:
    """Return the SHA-256 that a file with this content has, as `write_whole` writes it."""
    return hashlib.sha256(_encoded(content)).hexdigest()


def _encoded(content: str | bytes) -> bytes:
    # Text may hold half a character (a lone surrogate, from a strange file name): that is spelt out.
    return content if isinstance(content, bytes) else content.encode("utf-8", "backslashreplace")


def versions() -> dict[str, str | None]:
    """Return the versions of Python and of the libraries used; None for one that is not installed."""
    found: dict[str, str | None] = {"python": platform.python_version()}
    for name in LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = None
    return found


def short_path(text: str) -> str:
    """Return a word of a command line with a path in it made short.

    A path inside the current folder becomes relative to it; of any other, only the name is left. The path may
    also stand behind an equals sign, as in ``--out=/somewhere/results``.
    """
    before, equals, after = text.partition("=")
    if equals and not leads_outside(before):
        return before + equals + short_path(after)
    if not leads_outside(text):
        return text
    try:
        return Path(os.path.abspath(text)).relative_to(Path.cwd()).as_posix()
    except (ValueError, OSError):
        return Path(text).name


def leads_outside(text: str) -> bool:
    """Tell whether a path may lead out of the folder that it is taken to be in."""
    return Path(text).is_absolute() or ".." in Path(text).parts


def _plain(value, where: str, level: int = 0):
    """Return `value` made of what JSON has; a strange part is refused with its place."""
    if level > _MOST_LEVELS:
        raise InputError(f"{where[:80]} is nested too deeply: at most {_MOST_LEVELS} levels")
    if hasattr(value, "tolist"):  # a NumPy number or array
        value = value.tolist()
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise InputError(f"{where} = {value} cannot be written as JSON: it must be a finite number")
        return float(value)
    if isinstance(value, dict):
        for name in value:
            if not isinstance(name, str):
                raise InputError(f"{where}: name {shown(name)} must be a text")
        return {str(name): _plain(entry, f"{where}.{name}", level + 1) for name, entry in value.items()}
    if isinstance(value, list | tuple | range):
        return [_plain(entry, f"{where}[{i}]", level + 1) for i, entry in enumerate(value)]
    raise InputError(f"{where} = {shown(value)} must be made of numbers, text, lists and mappings, as JSON is")


def _digests(paths, name: str, folder: Path) -> list[dict[str, str]]:
    if isinstance(paths, str | bytes | os.PathLike):
        raise InputError(f"{name} must be a list of paths, not one path {shown(paths)}")
    files = [check_readable_file(path, what=f"file in {name}") for path in paths or ()]
    return [{"file": _shown_path(file, folder), "sha256": sha256_of(file)} for file in files]


def _shown_path(file: Path, folder: Path) -> str:
    """Return the path relative to the manifest's folder or, outside of it, as on a command line."""
    try:
        return file.resolve().relative_to(folder.resolve()).as_posix()
    except ValueError:
        return short_path(os.path.abspath(file))


def _git() -> dict | None:
    """Return the commit that the package is at, and whether it or the experiments have been changed since.

    None if the package is not a tracked part of a git checkout, or git cannot say.
    """
    here = Path(__file__).resolve().parent
    if not any((folder / ".git").exists() for folder in here.parents):
        return None
    try:
        _ask_git(here, "ls-files", "--error-unmatch", "__init__.py")  # else it is another project's checkout
        commit = _ask_git(here, "rev-parse", "HEAD").strip()
        changed = _ask_git(here, "status", "--porcelain", "--", ".", ":(top)experiments")
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return {"commit": commit, "is_dirty": bool(changed.strip())}


def _ask_git(folder: Path, *words: str) -> str:
    surroundings = {name: value for name, value in os.environ.items() if name not in _TOLD_BY_GIT}
    answer = subprocess.run(
        ["git", "--no-optional-locks", *words], cwd=folder, env=surroundings, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=20, check=True,
    )  # fmt: skip
    return answer.stdout


def _distinct(pairs) -> dict:
    content = dict(pairs)
    if len(content) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise InputError(f"name {shown(twice)} is given twice; it must be given once")
    return content


def _refuse_constant(word: str):
    raise InputError(f"{word} is not a number that JSON has; numbers must be finite")


def _check(content, what: str) -> None:
    if not isinstance(content, dict) or content.get("schema") != SCHEMA:
        given = content.get("schema") if isinstance(content, dict) else content
        raise InputError(f"{what} is not a manifest: schema = {shown(given)}, it must be {SCHEMA!r}")
    version = content.get("schema_version")
    if type(version) is not int or version != SCHEMA_VERSION:
        raise InputError(f"{what}: schema_version = {shown(version)} is not known; allowed: {SCHEMA_VERSION}")
    for name, kind in _FIELDS.items():
        if not isinstance(content.get(name), kind):
            raise InputError(f"{what}: {name} = {shown(content.get(name))} must be {_WORDS[kind]}")
    for name in ("inputs", "outputs"):
        for entry in content[name]:
            _check_digest(entry, f"{what}: {name}")


def _check_digest(entry, where: str) -> None:
    file, digest = (entry.get("file"), entry.get("sha256")) if isinstance(entry, dict) else (None, None)
    if not isinstance(file, str) or not isinstance(digest, str):
        raise InputError(f"{where} holds {shown(entry)}; every entry must have texts file and sha256")
    if leads_outside(file):
        raise InputError(f"{where} holds file = {shown(file)}; it must be a path inside a folder")
    if len(digest) != 64 or set(digest) - set("0123456789abcdef"):
        raise InputError(f"{where} holds sha256 = {shown(digest)}; it must be 64 hexadecimal digits")


_FIELDS = {
    "question": str, "package": dict, "versions": dict, "command": list, "date": str, "settings": dict,
    "inputs": list, "outputs": list,
}  # fmt: skip
_WORDS = {str: "a text", dict: "a mapping", list: "a list"}
