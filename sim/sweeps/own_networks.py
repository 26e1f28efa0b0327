"""Networks of one's own in a design: each has a name, and is an object, a file, or a generator with its arguments."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from pathlib import Path

from sim.checks import InputError, check_choice, check_names, shown
from sim.networks import GENERATORS, Network, load
from sim.sweeps.points import DEFAULT_FAMILY, OF_NETWORK, arguments_of

FILE = "file"
FILE_FORM = '[networks.mine] with file = "people.graphml", group = "gender" and marginalized = "woman"'
OBJECT_FORM = 'networks = {"mine": network}'
_OF_LOAD = [name for name in inspect.signature(load).parameters if name != "path"]
_MEANT_FILE = (FILE, "path", "filename", "nodes", "marginalized")  # what no generator takes
_SUFFIXES = (".graphml", ".gexf", ".gml", ".csv", ".tsv", ".xml")


def networks_of(given, folder: Path | None = None) -> dict[str, Network | Mapping]:
    """Return named networks, those in files loaded; every other mapping holds ``family`` and arguments, or a digest."""
    if not isinstance(given, Mapping):
        raise InputError(f"networks must be a mapping of names to networks, {OBJECT_FORM}, not {shown(given)}")
    return {_name(name): _network_of(name, about, folder or Path()) for name, about in given.items()}


def check_axis(value, known: Iterable[str]) -> None:
    """Refuse a network without a name, and the path of a file, where one of the known names is asked for."""
    for one in value if isinstance(value, list | tuple) else [value]:
        if _is_network(one):
            raise InputError(
                f"network must be a name, not {shown(one)}; give a network of your own its name with {OBJECT_FORM}"
            )
        if isinstance(one, str) and one not in known and one.lower().endswith(_SUFFIXES):
            raise InputError(f"network = {shown(one)} must be a name; a network from a file is {FILE_FORM}")


def check_file_words(names: Iterable) -> None:
    """Refuse what belongs to a file among the arguments of generators, as in ``[network] file = ...``."""
    for name in names:
        word = name.removeprefix(OF_NETWORK) if isinstance(name, str) and name.startswith(OF_NETWORK) else None
        if word in _MEANT_FILE:
            raise InputError(f"{word!r} is no argument of a generator; a network from a file is {FILE_FORM}")


def _name(name) -> str:
    if not isinstance(name, str) or name in GENERATORS:
        raise InputError(f"name of a network {shown(name)} must be a text, and not that of a generator")
    return name


def _network_of(name: str, about, folder: Path) -> Network | Mapping:
    where = f"networks.{name}"
    if isinstance(about, Network) or (isinstance(about, Mapping) and "digest" in about):
        return about
    if not isinstance(about, Mapping):
        raise InputError(
            f"{where} = {shown(about)} must be a Network (sim.networks.load and sim.networks.from_networkx make one), "
            f"{FILE_FORM.removeprefix('[networks.mine] ')}, or a mapping with family and its arguments"
        )
    if FILE in about:
        return _loaded(where, about, folder)
    meant = [word for word in about if word in _MEANT_FILE]
    if meant:
        raise InputError(f"{where} has {meant[0]!r} and no 'file'; a network from a file is {FILE_FORM}")
    family = check_choice(f"{where}: family", about.get("family", DEFAULT_FAMILY), GENERATORS)
    check_names(f"{where}:", about, ["family", *arguments_of(family)])
    return dict(about)


def _loaded(where: str, about: Mapping, folder: Path) -> Network:
    for needed in ("group", "marginalized"):
        if needed not in about:
            raise InputError(
                f"{where} needs group and marginalized: which attribute says who is in which group, and which value of "
                "it means marginalized?"
            )
    check_names(f"{where}:", about, [FILE, *_OF_LOAD])
    rules = {key: folder / value if key == "nodes" else value for key, value in about.items() if key != FILE}
    return load(folder / str(about[FILE]), **rules)


def _is_network(value) -> bool:
    return isinstance(value, Network) or hasattr(value, "adj")  # NetworkX has the second
