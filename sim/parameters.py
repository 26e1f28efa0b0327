"""Every knob of the model, declared once.

A knob carries its symbol, meaning, allowed range, usual range, default, mechanism and source. Documentation,
command line, sliders and sweeps are generated from here; nothing about a knob is written anywhere else.
"""

from __future__ import annotations

import dataclasses
import functools
import operator
import re
import tomllib
from collections import namedtuple
from collections.abc import Mapping
from typing import Any

from sim.checks import InputError, check_choice, check_flag, check_names, check_number, check_readable_file, shown

MOST_BYTES = 65_536  # of a parameter file

_KNOB = "knob"

# The time and memory that tomllib takes grow with the square of the dots in a name, so these are counted first.
# Comments and strings are taken out before; one that never ends reaches to the end, as it does for tomllib.
_MANY_DOTS = re.compile(r"(?:\.[ \t]*+[\w-]++[ \t]*+){9}")
_NO_NAMES = re.compile(
    r"""#[^\n]*|"{3}(?:\\.|[^\\])*?(?:"{3,5}|\\?\Z)|'{3}.*?(?:'{3,5}|\Z)|"(?:\\.|[^"\\\n])*"?|'[^'\n]*'?""", re.DOTALL
)


def _without(match: re.Match) -> str:
    """Return what stands for a comment or a string: nothing, or some name."""
    return "" if match[0].startswith("#") else "x"


@dataclasses.dataclass(frozen=True)
class Knob:
    """What there is to know about one parameter.

    Attributes
    ----------
    name, symbol, meaning, mechanism : str
    default : float or bool
    low, high : float
        The allowed range; values outside are refused.
    usual_low, usual_high : float
        The range worth exploring (sliders, sensitivity analyses).
    source : str
        Where the mechanism comes from. The size of a value is "assumed", or "calibrated"
        (chosen so that the patterns of the scoreboard hold together), unless a source for it is named.
    """

    name: str
    symbol: str
    meaning: str
    mechanism: str
    default: float | bool
    low: float
    high: float
    usual_low: float
    usual_high: float
    source: str

    @property
    def is_switch(self) -> bool:
        """True when the knob takes only True and False."""
        return isinstance(self.default, bool)


def _knob(default, symbol, meaning, mechanism, source, *, allowed, usual=None):
    usual = allowed if usual is None else usual
    about = {"symbol": symbol, "meaning": meaning, "mechanism": mechanism, "source": source}
    about |= {"low": allowed[0], "high": allowed[1], "usual_low": usual[0], "usual_high": usual[1]}
    return dataclasses.field(default=default, metadata={_KNOB: about})


def _weight(default, symbol, meaning, mechanism, source, *, usual):
    """Declare a strength: zero switches its mechanism off exactly."""
    return _knob(default, symbol, meaning, mechanism, source, allowed=(0.0, 100.0), usual=usual)


def _share(default, symbol, meaning, mechanism, source, *, usual=None):
    return _knob(default, symbol, meaning, mechanism, source, allowed=(0.0, 1.0), usual=usual)


def _switch(default, symbol, meaning, mechanism, source):
    return _knob(default, symbol, meaning, mechanism, source, allowed=(0, 1))


@dataclasses.dataclass(frozen=True, kw_only=True)
class Parameters:
    """The values of all knobs of one run; frozen, and valid by construction.

    Every weight at zero switches its mechanism off exactly. ``Parameters.table()`` lists all knobs with meaning,
    range and source; `presets` holds named sets.

    Raises
    ------
    InputError
        For an unknown name (with the nearest valid one), a wrong type, NaN, infinity or a value out of range.

    Examples
    --------
    >>> Parameters().stigma_transfer
    0.4
    >>> Parameters(stigma_transfer=0.2).replace(loyalty=0.9).loyalty
    0.9
    """

    # --- the people -------------------------------------------------------------------------------------
    loyalty: float = _share(
        0.75, "λ", "average in-group loyalty of advantaged people", "in-group loyalty",
        "Tajfel & Turner 1979; value calibrated",
    )  # fmt: skip
    loyalty_spread: float = _knob(
        0.15, "sd(λ)", "how much loyalty differs between people (standard deviation before clipping to 0..1)",
        "in-group loyalty", "assumed", allowed=(0.0, 2.0), usual=(0.0, 0.4),
    )  # fmt: skip
    sympathy: float = _knob(
        0.43, "x", "average private sympathy of advantaged people at the start (-1 hostile, +1 supportive)",
        "private attitude", "Bursztyn et al. 2020 (private majorities are common); value calibrated",
        allowed=(-1.0, 1.0), usual=(-0.5, 0.7),
    )  # fmt: skip
    sympathy_spread: float = _knob(
        0.4, "sd(x)", "how much private sympathy differs between people (standard deviation before clipping)",
        "private attitude", "assumed", allowed=(0.0, 4.0), usual=(0.0, 0.8),
    )  # fmt: skip
    trust: float = _share(
        0.5, "t", "average trust of marginalized people in allies at the start", "trust",
        "Slovic 1993 (neutral prior); value assumed",
    )  # fmt: skip
    trust_spread: float = _knob(
        0.15, "sd(t)", "how much trust differs between people at the start (standard deviation before clipping)",
        "trust", "assumed", allowed=(0.0, 2.0), usual=(0.0, 0.4),
    )  # fmt: skip

    # --- a second identity --------------------------------------------------------------------------------
    crossing_share: float = _share(
        0.0, "X", "share of the advantaged group that is marginalized on a second dimension (0: there is none)",
        "second identity", "Roccas & Brewer 2002; Crenshaw 1989",
    )  # fmt: skip
    crossing_release: float = _share(
        0.5, "χ", "how far a crossing identity loosens in-group loyalty (1: none is left)", "second identity",
        "Roccas & Brewer 2002 (complex identities are less exclusive); value assumed",
    )  # fmt: skip
    crossing_stigma: float = _share(
        0.3, "σ_2", "stigma that people with a crossing identity bear for it, whatever they do", "second identity",
        "Goffman 1963; value assumed",
    )  # fmt: skip

    # --- stigma by association --------------------------------------------------------------------------
    stigma_transfer: float = _weight(
        0.4, "τ", "how much stigma of association sticks to a supporter", "stigma transfer",
        "Goffman 1963; Neuberg et al. 1994; value assumed", usual=(0.0, 1.0),
    )  # fmt: skip
    group_stigma: float = _share(
        0.6, "σ", "stigma attached to the marginalized group itself", "stigma transfer", "Goffman 1963; value assumed"
    )
    proximity: float = _share(
        0.1, "q", "stigma from ties alone, without any act, relative to open support", "stigma transfer",
        "Hebl & Mannix 2003; value calibrated",
    )  # fmt: skip
    stigma_memory: float = _share(
        0.2, "ρ", "rate per step at which felt stigma follows its source (1: no memory)", "stigma transfer",
        "Pryor, Reeder & Monroe 2012; value assumed",
    )  # fmt: skip
    stigma_cost: float = _weight(
        4.5, "c_S", "how much felt stigma deters from visible support", "stigma transfer",
        "Goffman 1963; value calibrated", usual=(0.0, 6.0),
    )  # fmt: skip
    distancing: float = _weight(
        1.0, "δ", "urge of the stigmatized and loyal to prove loyalty by opposing", "proving loyalty",
        "Centola, Willer & Macy 2005; value assumed", usual=(0.0, 4.0),
    )  # fmt: skip

    # --- the in-group -----------------------------------------------------------------------------------
    conformity: float = _weight(
        7.0, "J", "pull of the in-group's visible norm, scaled by loyalty", "norms",
        "Crandall, Eshleman & O'Brien 2002; Brock & Durlauf 2001; value assumed", usual=(0.0, 12.0),
    )  # fmt: skip
    conviction: float = _weight(
        1.2, "a", "weight of private sympathy in the public choice", "private attitude", "calibrated",
        usual=(0.0, 5.0),
    )  # fmt: skip
    sanction: float = _weight(
        2.0, "κ", "cost of being punished by one's own group", "punishment of allies",
        "Monin, Sawyer & Marquez 2008; value assumed", usual=(0.0, 6.0),
    )  # fmt: skip
    complicity: float = _share(
        0.3, "c", "share of an opposer's pressure that a fully loyal silent bystander exerts", "punishment of allies",
        "Monin, Sawyer & Marquez 2008; value assumed",
    )  # fmt: skip
    shield: float = _share(
        0.7, "π", "share of the punishment that is taken away when everybody around is supportive", "mutual support",
        "Asch 1951; Allen & Levine 1969; value assumed",
    )  # fmt: skip
    threat: float = _weight(
        1.0, "η", "hierarchy threat: visible support provokes the loyal", "hierarchy maintenance",
        "Pratto et al. 1994; Wilkins & Kaiser 2014; value assumed", usual=(0.0, 4.0),
    )  # fmt: skip
    accountability: float = _weight(
        1.0, "acct", "cost of opposing where support is visible", "accountability",
        "Czopp, Monteith & Mark 2006; Kalev, Dobbin & Kelly 2006; value assumed", usual=(0.0, 4.0),
    )  # fmt: skip
    effort: float = _knob(
        2.1, "e", "cost of being an ally or an opposer (the bystander's inertia); negative: a reward", "inertia",
        "Latané & Darley 1970; value calibrated", allowed=(-100.0, 100.0), usual=(0.0, 4.0),
    )  # fmt: skip

    # --- token allyship ---------------------------------------------------------------------------------
    image: float = _weight(
        2.0, "ω", "performative motive: credit for looking supportive where support is common", "token allyship",
        "Kutlaca & Radke 2023; value assumed", usual=(0.0, 6.0),
    )  # fmt: skip
    token_visibility: float = _share(
        0.5, "ν", "visibility of a token act, relative to an ally's", "token allyship",
        "Kutlaca & Radke 2023; value assumed",
    )  # fmt: skip
    token_effort: float = _knob(
        2.6, "e_T",
        "effort of a token act beside its share of stigma and punishment, which is what makes it cheap (so this may be "
        "above the effort of an ally); negative: a reward", "token allyship",
        "Kutlaca & Radke 2023; value calibrated", allowed=(-100.0, 100.0), usual=(0.0, 4.0),
    )  # fmt: skip

    # --- the supported group ----------------------------------------------------------------------------
    acceptance: float = _weight(
        1.7, "acc", "how much being welcomed by marginalized people keeps allies going", "acceptance",
        "Droogendyk et al. 2016; value calibrated", usual=(0.0, 4.0),
    )  # fmt: skip
    cost_credibility: float = _share(
        0.8, "ψ", "how far support has to be costly to be credible (0: any support counts fully)", "trust",
        "Thai & Nylund 2024; value assumed",
    )  # fmt: skip
    trust_gain: float = _share(
        0.15, "g", "trust gained per step from credible support all around", "trust", "Slovic 1993; value assumed"
    )
    wariness: float = _share(
        0.4, "wry", "how far distrust keeps itself alive: at 1 trust is gained only in proportion to trust", "trust",
        "Slovic 1993 (distrust reinforces and perpetuates distrust); value calibrated",
    )  # fmt: skip
    betrayal_loss: float = _share(
        0.5, "l", "share of trust lost when all advantaged neighbours, allies until now, turn away", "fear of betrayal",
        "Slovic 1993; Lount et al. 2008; value calibrated",
    )  # fmt: skip
    repair: float = _share(
        0.0, "r", "share of the loss from betrayal that is undone by repair (apology, amends)", "trust repair",
        "Kim et al. 2004; value assumed",
    )  # fmt: skip
    opposition_loss: float = _share(
        0.2, "l_o", "share of trust lost per step when opposition is all around", "trust", "Slovic 1993; value assumed"
    )
    token_loss: float = _share(
        0.05, "l_T", "share of trust lost per step when token acts are all around", "trust",
        "Kutlaca & Radke 2023; value assumed",
    )  # fmt: skip
    gossip: float = _share(
        0.1, "gos", "rate per step at which trust moves to that of marginalized neighbours", "gossip", "assumed"
    )
    trust_weight: float = _weight(
        2.0, "w_t", "weight of trust in welcoming or gatekeeping", "trust", "assumed", usual=(0.0, 5.0)
    )
    solidarity: float = _weight(
        1.0, "m", "pull of what marginalized neighbours do", "norms", "assumed", usual=(0.0, 4.0)
    )
    authenticity_threat: float = _weight(
        1.5, "θ", "visible support from outside feels like dilution or being spoken over", "authenticity threat",
        "Droogendyk et al. 2016; Park et al. 2022; value assumed", usual=(0.0, 5.0),
    )  # fmt: skip
    gatekeep_effort: float = _knob(
        1.0, "e_g", "cost of keeping allies out; negative: a reward", "gatekeeping", "assumed",
        allowed=(-100.0, 100.0), usual=(0.0, 4.0),
    )  # fmt: skip
    hostility: float = _weight(
        2.0, "h", "how much opposition all around makes marginalized people withdraw", "withdrawal",
        "McKay et al. 2007; Hom, Roberson & Ellis 2008; value assumed", usual=(0.0, 6.0),
    )  # fmt: skip
    safety: float = _knob(
        0.0, "safe", "what safe spaces take away from the urge to withdraw", "withdrawal", "assumed",
        allowed=(-100.0, 100.0), usual=(0.0, 3.0),
    )  # fmt: skip

    # --- private change ---------------------------------------------------------------------------------
    # Usual ranges end where these rates are no longer slow: there a run of 300 steps moves private views by
    # about half of the way, and beyond it everybody soon thinks the same.
    contact: float = _share(
        0.001, "con", "rate per step at which welcoming contact raises private sympathy", "contact",
        "Pettigrew & Tropp 2006; value calibrated", usual=(0.0, 0.01),
    )  # fmt: skip
    internalise: float = _share(
        0.0001, "int", "rate per step at which private sympathy follows one's own act", "internalisation",
        "Festinger 1957; value assumed", usual=(0.0, 0.002),
    )  # fmt: skip

    appeals: float = _knob(
        0.0, "app", "rate per step at which appeals from outside raise private sympathy; negative: lower it",
        "appeals", "assumed; empathy appeals: Batson et al. 1997", allowed=(-1.0, 1.0), usual=(-0.002, 0.002),
    )  # fmt: skip

    # --- what is made known -----------------------------------------------------------------------------
    feedback: float = _share(
        0.0, "fb", "how far beliefs about private support are corrected by making it known", "norm feedback",
        "Bursztyn, Gonzalez & Yanagizawa-Drott 2020",
    )  # fmt: skip
    heed: float = _share(
        0.05, "hd", "how much what is known of private support counts against what is seen", "norm feedback",
        "Bursztyn, Gonzalez & Yanagizawa-Drott 2020 (acts follow beliefs in part); value calibrated",
    )  # fmt: skip

    # --- choosing ---------------------------------------------------------------------------------------
    revise: float = _share(
        0.1, "rev", "chance that a person reconsiders at a step", "choice", "assumed", usual=(0.02, 0.5)
    )
    noise: float = _knob(
        1.0, "T", "temperature of the choice: 0 always takes the best option, large values choose at random",
        "choice", "Brock & Durlauf 2001 (logit choice); value 1 fixes the unit of utility",
        allowed=(0.0, 100.0), usual=(0.2, 3.0),
    )  # fmt: skip
    oppose_allowed: bool = _switch(True, "", "whether OPPOSE is among the options", "choice", "limit cases")
    bystand_allowed: bool = _switch(True, "", "whether BYSTAND is among the options", "choice", "limit cases")
    token_allowed: bool = _switch(True, "", "whether TOKEN is among the options", "choice", "limit cases")
    ally_allowed: bool = _switch(True, "", "whether ALLY is among the options", "choice", "limit cases")

    def __new__(cls, *args, **values):
        """Refuse unknown names with a hint before the dataclass does it without one."""
        if args:
            raise InputError(f"Parameters takes names, as in Parameters(loyalty=0.6); got {args[0]!r} without one")
        check_names("parameter", values, cls.names())
        return super().__new__(cls)

    def __post_init__(self):
        for knob in KNOBS:
            value = getattr(self, knob.name)
            is_number = not knob.is_switch
            valid = check_number(knob.name, value, knob.low, knob.high) if is_number else check_flag(knob.name, value)
            if valid is not value:
                object.__setattr__(self, knob.name, valid)
        if not any((self.oppose_allowed, self.bystand_allowed, self.token_allowed, self.ally_allowed)):
            raise InputError("oppose_allowed, bystand_allowed, token_allowed and ally_allowed are all False: "
                             "at least one stance must be allowed")  # fmt: skip

    @classmethod
    def names(cls) -> list[str]:
        """Return the names of all knobs, in order of declaration."""
        return [field.name for field in dataclasses.fields(cls)]

    def replace(self, **changes) -> Parameters:
        """Return a copy with some values changed, checked like any other."""
        return Parameters(**(self.to_dict() | changes))

    def to_dict(self) -> dict[str, float | bool]:
        """Return all values by name, in order of declaration."""
        return dict(zip(Numbers._fields, _values(self), strict=False))

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Parameters:
        """Build from a mapping of names to values; names left out keep their default."""
        if not isinstance(values, Mapping):
            raise InputError(f"parameters must be a mapping of names to values, not {type(values).__name__}")
        for name in values:
            if not isinstance(name, str):
                raise InputError(f"parameter name {name!r} must be a text")
        return cls(**values)

    def to_toml(self) -> str:
        """Return TOML text that `from_toml` reads back to the same values, with the meaning of each as a comment."""
        lines = ["[parameters]"]
        for knob in KNOBS:
            value = getattr(self, knob.name)
            lines.append(f"{knob.name} = {str(value).lower() if knob.is_switch else repr(value)}  # {knob.meaning}")
        return "\n".join(lines) + "\n"

    @classmethod
    def from_toml(cls, text_or_path) -> Parameters:
        """Build from TOML text, or from the path of a TOML file.

        The values stand under ``[parameters]``, which may also name a ``preset`` to start from. A string is taken for
        text if it has a line break or a ``=`` sign, otherwise for a path; a ``Path`` is always a path. More than
        64 KB and names of more than nine dotted parts are refused: reading them could take very long.
        """
        is_text = isinstance(text_or_path, str) and ("\n" in text_or_path or "=" in text_or_path)
        text = text_or_path if is_text else _read_text(text_or_path)
        if len(text) > MOST_BYTES or len(text.encode("utf-8", "replace")) > MOST_BYTES:
            what = "parameters are" if is_text else f"parameter file '{text_or_path}' is"
            raise InputError(f"{what} too long: there must be at most {MOST_BYTES} bytes")
        if _MANY_DOTS.search(_NO_NAMES.sub(_without, text)):
            raise InputError("parameters hold a name with more than 8 dots; names must be those of parameters")
        try:
            tree = tomllib.loads(text)
        except (ValueError, RecursionError) as problem:  # tomllib's own error is a ValueError; so is a number too long
            raise InputError(f"parameters are not valid TOML: {problem}") from None
        for name, value in tree.items():
            if not isinstance(value, dict | list):
                raise InputError(f"{name!r} = {shown(value)} stands in no section; parameters stand under [parameters]")
        check_names("section", tree, ["parameters"])
        values = tree.get("parameters", {})
        if not isinstance(values, dict):
            raise InputError(f"[parameters] must be a section of name = value lines, not {shown(values)}")
        base = preset(values.pop("preset")) if "preset" in values else cls()
        return base.replace(**values)

    @staticmethod
    def table():
        """Return a DataFrame with one row per knob: everything declared about it."""
        import pandas as pd

        return pd.DataFrame([dataclasses.asdict(knob) for knob in KNOBS])

    def changes(self) -> dict[str, float | bool]:
        """Return only the values that differ from the default."""
        return {knob.name: getattr(self, knob.name) for knob in KNOBS if getattr(self, knob.name) != knob.default}

    def __repr__(self) -> str:
        return f"Parameters({', '.join(f'{name}={value!r}' for name, value in self.changes().items())})"

    def _repr_html_(self) -> str:
        from sim.plots.things import parameters_card

        return parameters_card(self, KNOBS)


def _read_text(path) -> str:
    path = check_readable_file(path, what="parameter file")
    try:
        with path.open(encoding="utf-8-sig") as file:  # with or without the mark that some editors put first
            return file.read(MOST_BYTES + 1)  # never more, however long the file is
    except UnicodeDecodeError:
        raise InputError(f"parameter file '{path}' is not UTF-8 text") from None


def _read_knobs() -> tuple[Knob, ...]:
    return tuple(Knob(name=f.name, default=f.default, **f.metadata[_KNOB]) for f in dataclasses.fields(Parameters))


KNOBS: tuple[Knob, ...] = _read_knobs()

# The same values as a named tuple of floats, the form that compiled rules read; and `forced`, the act that a scripted
# person shows whatever the rules say (NOT_FORCED for everybody else).
Numbers = namedtuple("Numbers", [*Parameters.names(), "forced"])
NOT_FORCED = -1.0
_values = operator.attrgetter(*Parameters.names())


def numbers_of(parameters: Parameters) -> Numbers:
    """Return the values as a named tuple of floats (switches become 0.0 and 1.0), for people with one identity.

    Nobody is forced, and `crossing_stigma` is 0: a `Course` gives it to those who bear it.
    """
    return Numbers(*map(float, _values(parameters)), NOT_FORCED)._replace(crossing_stigma=0.0)


# What calibration changed: the values that the equations were first written down with.
FIRST_ASSUMED = {
    "loyalty": 0.6, "sympathy": 0.15, "conviction": 2.0, "effort": 1.5, "token_effort": 1.75, "stigma_cost": 3.0,
    "proximity": 0.2, "acceptance": 1.5, "wariness": 0.0, "betrayal_loss": 0.4, "contact": 0.0002, "heed": 0.2,
}  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Preset:
    """A named set of parameters with a sentence on what it shows."""

    name: str
    sentence: str
    parameters: Parameters


@functools.cache
def presets() -> dict[str, Preset]:
    """Return all presets by name; the first is the default."""
    sets = [
        Preset("default", "As calibrated: most are privately supportive; trust decides whether half stand up or few.",
               Parameters()),
        Preset("silence", "Speaking up takes effort and few others do: most stay silent, and trust fades.",
               Parameters(stigma_transfer=0.5, loyalty=0.4, effort=3.0, token_effort=3.5)),
        Preset("spread", "Support costs something, so it is believed, and little enough to grow.",
               Parameters(stigma_transfer=0.2)),
        Preset("hollow", "Looking supportive pays: cheap visible acts crowd out costly ones and trust is low.",
               Parameters(stigma_transfer=0.1, image=4.5, token_effort=1.75)),
        Preset("opposition", "Stigma rubs off strongly and loyalty punishes: allies vanish, opposition is the norm.",
               Parameters(stigma_transfer=1.0, loyalty=0.9, distancing=2.0)),
        Preset("mixed", "Weak loyalty and weak norms: every stance keeps its followers.",
               Parameters(loyalty=0.2, conformity=2.0, effort=0.3, token_effort=0.75)),
    ]  # fmt: skip
    return {item.name: item for item in sets}


def preset(name: str) -> Parameters:
    """Return the parameters of a preset; an unknown name is refused with the nearest one."""
    return presets()[check_choice("preset", name, presets())].parameters
