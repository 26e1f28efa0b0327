"""Ready-made interventions, and their harmful mirror images. Sizes are assumed; what they act on has a source."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sim.checks import InputError, check_choice, check_names, shown
from sim.interventions.intervention import Intervention


@dataclass(frozen=True)
class Entry:
    """A ready-made intervention.

    Attributes
    ----------
    sentence : str
        What it does.
    source : str
    is_harmful : bool
        A mirror image: what drives allyship down.
    defaults : dict
        Arguments of `Intervention`, each of which can be given anew.
    """

    sentence: str
    source: str
    defaults: dict[str, Any]
    is_harmful: bool = False


_SOME = {"who": "random", "share": 0.3, "group": "advantaged"}
CATALOGUE: dict[str, Entry] = {
    "bystander_training": Entry(
        "Trained people need less of an effort to take a stance, either way, and their silence punishes less.",
        "Latané & Darley 1970; Coker et al. 2017", _SOME | {"shift": {"effort": -0.5}, "scale": {"complicity": 0.5}}),
    "accountability": Entry(
        "Opposing has a price where support is visible, and silent loyalty punishes less.",
        "Kalev, Dobbin & Kelly 2006", {"shift": {"accountability": 1.0}, "scale": {"complicity": 0.5}}),
    "protection": Entry(
        "Those who speak up are protected: punishment costs them less.",
        "Monin, Sawyer & Marquez 2008", {"scale": {"sanction": 0.5}}),
    "empathy": Entry(
        "Appeals to empathy slowly raise private sympathy.",
        "Batson et al. 1997; Paluck et al. 2021", _SOME | {"shift": {"appeals": 0.005}}),
    "contact": Entry(
        "Meetings on equal terms: welcoming contact works faster.",
        "Pettigrew & Tropp 2006", {"scale": {"contact": 10.0}}),
    "cross_group_ties": Entry(
        "People get to know people of the other group: new ties across.",
        "Pettigrew & Tropp 2006; Wright et al. 1997", _SOME | {"ties": 2}),
    "norm_feedback": Entry(
        "How many are privately supportive is made known.",
        "Bursztyn, Gonzalez & Yanagizawa-Drott 2020", {"shift": {"feedback": 1.0}}),
    "amplify_voices": Entry(
        "Marginalized voices are heard: their welcome counts more, and support feels less like being spoken over.",
        "Droogendyk et al. 2016", {"scale": {"acceptance": 1.5, "authenticity_threat": 0.5}}),
    "safe_spaces": Entry(
        "Places of their own take away some of the urge to withdraw.",
        "McKay et al. 2007", {"group": "marginalized", "shift": {"safety": 1.0}}),
    "trust_repair": Entry(
        "Betrayals are owned and repaired: they cost less trust.",
        "Kim et al. 2004; Lount et al. 2008", {"group": "marginalized", "shift": {"repair": 0.6}}),
    "leader_endorsement": Entry(
        "People appointed by authority show open support.",
        "Hogg 2001; Paluck, Shepherd & Aronow 2016", {"who": "appointed", "share": 0.02, "force": "ally"}),
    "committed_allies": Entry(
        "Some people are allies whatever happens.",
        "Centola et al. 2018", {"who": "random", "share": 0.1, "force": "ally"}),
    "curb_tokens": Entry(
        "Cheap visible acts bring less credit and take more effort.",
        "Kutlaca & Radke 2023", {"scale": {"image": 0.5}, "shift": {"token_effort": 0.5}}),
    "ridicule": Entry(
        "A campaign makes fun of supporters: stigma deters more, punishment bites harder.",
        "Monin, Sawyer & Marquez 2008", {"scale": {"stigma_cost": 1.5, "sanction": 1.5}}, is_harmful=True),
    "betrayal_scandal": Entry(
        "For a moment, many people fall silent: allies betray, and opposers keep quiet as well.",
        "Slovic 1993; Lount et al. 2008", {"who": "random", "share": 0.5, "force": "bystand", "begin": 100, "end": 101},
        is_harmful=True),
    "token_campaign": Entry(
        "Looking supportive is made easy and pays.",
        "Thai & Nylund 2024; Kutlaca & Radke 2023", {"scale": {"image": 1.5}, "shift": {"token_effort": -0.5}},
        is_harmful=True),
}  # fmt: skip


def intervention(kind: str = "custom", **arguments) -> Intervention:
    """Return an intervention: a ready-made one with some arguments changed, or one of your own.

    Parameters
    ----------
    kind : str
        A name in `CATALOGUE`; or ``"custom"`` or ``"scene"``, where everything is given in the arguments.
    **arguments
        Those of `Intervention`.

    Examples
    --------
    >>> intervention("committed_allies", share=0.2, who="highest_degree").force
    'ally'
    >>> intervention("scene", people=[3], force="bystand", begin=6, end=7).begin
    6
    """
    check_names("argument of an intervention:", arguments, Intervention.names())
    if isinstance(kind, str) and kind in ("custom", "scene"):
        return Intervention(kind=kind, **arguments)
    defaults = dict(CATALOGUE[check_choice("kind", kind, [*CATALOGUE, "custom", "scene"])].defaults)
    if "begin" in arguments and "end" in defaults:  # as long as ever, only later or earlier
        with contextlib.suppress(TypeError):
            defaults["end"] += arguments["begin"] - defaults["begin"]
    if arguments.get("people") is not None:
        for name in ("who", "share", "count"):
            defaults.pop(name, None)
    if "count" in arguments:
        defaults.pop("share", None)
    if arguments.get("who") == "everybody":
        defaults.pop("share", None)
    return Intervention(kind=kind, **(defaults | arguments))


def interventions_of(given) -> tuple[Intervention, ...]:
    """Return interventions from a list of names, `Intervention` objects, or mappings of their arguments.

    In a mapping, what is left out is as in `CATALOGUE`; one with all arguments is taken as it is.
    """
    if given is None:
        return ()
    if isinstance(given, Intervention | Mapping):
        given = [given]
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise InputError(f"interventions must be a list of interventions, not {shown(given)}")
    made = []
    for one in given:
        if isinstance(one, str):
            made.append(intervention(one))
        elif isinstance(one, Mapping) and set(one) == set(Intervention.names()):
            made.append(Intervention(**one))
        elif isinstance(one, Mapping):
            made.append(intervention(**{str(name): value for name, value in one.items()}))
        elif isinstance(one, Intervention):
            made.append(one)
        else:
            raise InputError(f"an intervention must be an Intervention, a mapping or a name, not {shown(one)}")
    return tuple(made)
