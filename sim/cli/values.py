"""From words on a command line to parameters."""

from __future__ import annotations

import sys

from sim.checks import InputError, check_names, check_readable_file, shown
from sim.cli.options import number_or_text
from sim.parameters import KNOBS, MOST_BYTES, Parameters, preset


def parameters_from(preset_name: str | None, file: str | None, settings: tuple[str, ...]) -> Parameters:
    """Return the parameters that the three options describe: a preset or a file, then single values."""
    if preset_name is not None and file is not None:
        raise InputError('--preset and --parameters exclude each other; a file may say preset = "..." itself')
    named = Parameters() if preset_name is None else preset(preset_name)
    base = named if file is None else read_parameters(file)
    return base.replace(**dict_of_settings(settings))


def read_parameters(file: str) -> Parameters:
    """Read a parameter file; ``-`` is the standard input."""
    if file == "-":
        if sys.stdin is None:
            raise InputError("--parameters -: the standard input is closed; give it a file")
        raw, what = sys.stdin.buffer.read(MOST_BYTES + 1), "standard input"
    else:
        path = check_readable_file(file, what="--parameters: file")
        with path.open("rb") as stream:
            raw, what = stream.read(MOST_BYTES + 1), f"parameter file '{path}'"
    if len(raw) > MOST_BYTES:
        raise InputError(f"{what} is too long: it must have at most {MOST_BYTES} bytes")
    try:
        text = raw.decode("utf-8")
        return Parameters.from_toml(text if "\n" in text else text + "\n")  # with a line break it is no path
    except UnicodeDecodeError:
        raise InputError(f"{what} is not UTF-8 text") from None
    except (ValueError, OverflowError) as problem:
        raise InputError(f"{what}: {problem}") from None


def dict_of_settings(settings: tuple[str, ...]) -> dict[str, float | bool]:
    """Return the values of ``--set name=value`` words by name."""
    values = {}
    switches = {knob.name for knob in KNOBS if knob.is_switch}
    for setting in settings:
        name, equals, text = setting.partition("=")
        name, text = name.strip(), text.strip()
        if not equals:
            raise InputError(f"--set {shown(setting)} must be name=value, as in --set loyalty=0.8")
        check_names("--set: parameter", [name], Parameters.names())
        if name in values:
            raise InputError(f"--set gives {name} twice ({shown(values[name])} and {shown(text)}); give it once")
        values[name] = _truth(name, text) if name in switches else number_or_text(text)
    return values


def catalogue() -> dict:
    """Return the ready-made interventions by name."""
    from sim.interventions import CATALOGUE

    return CATALOGUE


def interventions_from(texts: tuple[str, ...]) -> list:
    """Return the interventions of ``--intervention name:key=value,...`` words."""
    from sim.interventions import intervention

    made = []
    for text in texts:
        kind, _, rest = text.partition(":")
        arguments: dict = {}
        for setting in rest.split(",") if rest else ():
            key, equals, value = (part.strip() for part in setting.partition("="))
            if not equals:
                raise InputError(f"--intervention {shown(text)}: {shown(setting)} must be key=value, as in begin=50")
            name, dot, knob = key.partition(".")  # scale.sanction=0.5: one entry of a mapping
            into, key = (arguments.setdefault(name, {}), knob) if dot else (arguments, name)
            if not isinstance(into, dict) or key in into:
                raise InputError(f"--intervention {shown(text)} gives {key} twice; give it once")
            into[key] = _argument(name, value)
        made.append(intervention(kind.strip(), **arguments))
    return made


def _argument(name: str, text: str):
    """Return an argument of an intervention: a whole number, a number or a word; labels of people between + signs."""
    if name == "people":
        return [int(label) if label.isdigit() else label for label in text.split("+")]
    value = number_or_text(text)
    return int(value) if isinstance(value, float) and value.is_integer() and text.lstrip("+-").isdigit() else value


def _truth(name: str, text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise InputError(f"--set: {name} must be true or false, not {shown(text)}")
    return text.lower() == "true"
