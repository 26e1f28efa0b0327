"""Which network a run takes place on."""

from __future__ import annotations

import inspect
import os
from pathlib import Path

import click

from sim.checks import InputError, check_choice, check_names, shown
from sim.cli.manners import warnings_as_notes
from sim.cli.options import LARGEST_SEED, Number, Option, Whole, complete_from, options_given
from sim.manifest import short_path

# Arguments of the generators and of `sim.networks.load`, each also the name of a value in a manifest.
FAMILY_ARGUMENTS = ("n_people", "marginalized_share", "mean_degree", "homophily", "rewiring", "groups")
FILE_ARGUMENTS = (
    "format", "nodes", "group", "marginalized", "directed", "weight", "min_weight", "allow_one_group",
)  # fmt: skip
DEFAULT_FAMILY, DEFAULT_PEOPLE = "two_groups", 1000


def families():
    """Return the generators by name."""
    from sim.networks import GENERATORS

    return GENERATORS


def real():
    """Return the real networks by name."""
    from sim.networks import REAL

    return REAL


def _in_family(*names, **about):
    return click.option(*names, cls=Option, heading="A generated network", **about)


def _in_file(*names, **about):
    return click.option(*names, cls=Option, heading="Your own network, from a file", **about)


OPTIONS = (
    _in_family("--family", metavar="NAME", show_default=DEFAULT_FAMILY, shell_complete=complete_from(families),
               help="Kind of network; 'allyship networks' lists them with what they take."),
    _in_family("--people", "n_people", type=Whole(1, 100_000_000), metavar="COUNT", show_default="1000",
               help="People, both groups together."),
    _in_family("--marginalized-share", type=Number(), metavar="SHARE", show_default="0.2",
               help="Share of people in the marginalized group, 0 to 1."),
    _in_family("--mean-degree", type=Number(), metavar="NUMBER", show_default="10",
               help="Mean ties per person."),
    _in_family("--homophily", type=Number(), metavar="NUMBER", show_default="0.5",
               help="two_groups: 0 ties ignore the groups, 1 no ties across."),
    _in_family("--rewiring", type=Number(), metavar="SHARE", show_default="0.1",
               help="small_world: share of ties that lead to random people."),
    _in_family("--groups", metavar="WORD", show_default="random",
               help="ring_lattice, small_world: random, or clustered (side by side)."),
    _in_family("--network-seed", type=Whole(0, LARGEST_SEED), metavar="SEED", show_default="that of --seed",
               help="Luck of the network alone."),
    _in_file("--network", metavar="FILE", help="GraphML, GEXF or GML, or a CSV or TSV list of ties."),
    _in_file("--nodes", metavar="FILE", help="With a list of ties: the table of people."),
    _in_file("--group", metavar="ATTRIBUTE", help="Attribute (column) that says who is in which group."),
    _in_file("--marginalized", multiple=True, metavar="VALUE",
             help="Value that means: in the marginalized group. May be repeated."),
    _in_file("--directed", metavar="any|mutual", show_default="any",
             help="Does one nomination make a tie, or must both name each other?"),
    _in_file("--weight", metavar="ATTRIBUTE", help="Attribute of ties to use with --min-weight."),
    _in_file("--min-weight", type=Number(), metavar="NUMBER", help="Weaker ties are dropped."),
    _in_file("--network-format", "format", metavar="FORMAT", help="If the suffix of the file does not tell."),
    _in_file("--allow-one-group", is_flag=True, help="Accept that everybody is in the same group."),
    click.option("--real", cls=Option, heading="A real network that comes along", metavar="NAME",
                 shell_complete=complete_from(real), help="See 'allyship networks'."),
)  # fmt: skip


def settings_from(ctx: click.Context) -> dict:
    """Return, as a mapping that `build` takes, the network that the options describe."""
    given = ctx.params
    family = options_given(ctx, ("family", *FAMILY_ARGUMENTS, "network_seed"))
    file = options_given(ctx, ("network", *FILE_ARGUMENTS))
    own = options_given(ctx, ("real",))
    kinds = [next(iter(kind.values())) for kind in (family, file, own) if kind]
    if len(kinds) > 1:
        raise InputError(
            f"{' and '.join(kinds)} describe different networks; choose one of --family, --network, --real"
        )
    if own:
        return {"real": check_choice("--real", given["real"], real())}
    if not file:
        name = check_choice("--family", given["family"] or DEFAULT_FAMILY, families())
        seed = given["seed"] if given["network_seed"] is None else given["network_seed"]
        chosen = {argument: given[argument] for argument in family if argument in FAMILY_ARGUMENTS}
        return {
            "family": name,
            **_all_arguments(name, {"n_people": DEFAULT_PEOPLE, **chosen, "seed": seed}, family),
        }
    for name in ("network", "group", "marginalized"):
        if name not in file:
            spelt = "--" + name
            raise InputError(f"{spelt} is missing: a network from a file needs --network, --group and --marginalized")
    return {"file": given["network"]} | {argument: given[argument] for argument in file if argument in FILE_ARGUMENTS}


def _all_arguments(family: str, chosen: dict, spelt: dict) -> dict:
    """Return the arguments with the family's own defaults filled in, so that a record is complete."""
    taken = inspect.signature(families()[family]).parameters
    for argument in chosen:
        if argument not in taken:
            known = ", ".join(option_name(name) for name in taken)
            raise InputError(f"{spelt[argument]} does not go with --family {family}, which takes {known}")
    defaults = {name: about.default for name, about in taken.items() if about.default is not about.empty}
    return defaults | chosen


def option_name(argument: str) -> str:
    """Return how an argument of a generator is spelt on the command line."""
    special = {"n_people": "--people", "seed": "--network-seed"}
    return special.get(argument, f"--{argument.replace('_', '-')}")


def build(settings: dict, folders: tuple[Path, ...] = (Path(),)):
    """Return the network that some settings describe; what had to be changed is said in notes.

    Parameters ---------- settings : dict ``{"family": name, ...}``, ``{"real": name}`` or ``{"file": name,
    "group": ..., "marginalized": ...}``. folders : tuple of Path Where to look for files.
    """
    from sim import networks

    with warnings_as_notes(networks.NetworkWarning):
        return _build(dict(settings), folders)


def _build(settings: dict, folders):
    from sim import networks

    kind = next((kind for kind in ("family", "real", "file") if kind in settings), None)
    if kind is None:
        raise InputError(f"network = {shown(settings)} must have one of: family, real, file")
    name = settings.pop(kind)
    if kind == "real":
        check_names("network setting", settings, ())
        return networks.REAL[check_choice("real", name, networks.REAL)]()
    if kind == "family":
        family = networks.GENERATORS[check_choice("family", name, networks.GENERATORS)]
        check_names("network setting", settings, inspect.signature(family).parameters)
        _check_present(settings, ("n_people", "seed"))
        return family(**settings)
    check_names("network setting", settings, FILE_ARGUMENTS)
    _check_present(settings, ("group", "marginalized"))
    if settings.get("nodes") is not None:
        settings["nodes"] = find_file(settings["nodes"], folders)
    return networks.load(find_file(name, folders), **settings)


def _check_present(settings: dict, names) -> None:
    for name in names:
        if name not in settings:
            raise InputError(f"network setting {name!r} is missing; it must be given")


def find_file(name, folders: tuple[Path, ...]):
    """Return the path of a file in the first folder that has it."""
    if not isinstance(name, str):
        raise InputError(f"network file must be a text, not {shown(name)}")
    paths = (folder / name for folder in folders)
    found = next((path for path in paths if os.path.isfile(path)), None)
    if found is None and len(folders) > 1:
        raise InputError(
            f"network file {shown(name)} is neither in the current folder nor beside the manifest; give the command "
            "in the folder that holds it"
        )
    return Path(name) if found is None else found


def for_the_record(settings: dict) -> dict:
    """Return the settings with paths made short, as a manifest keeps them."""
    return {name: short_path(value) if name in ("file", "nodes") else value for name, value in settings.items()}
