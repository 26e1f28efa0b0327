"""Colours, symbols, line styles and words, the same in every figure."""

BLUE, INDIGO, GOLD, GREEN, GREY, WHITE = "#0072B2", "#2B1D6E", "#D9AE00", "#009E73", "#CFCFCF", "#FFFFFF"
INK, SOFT = "#222222", "#666666"

# What prevails: colour, colour of the symbol on it, symbol, words.
REGIMES = {
    "spread": (BLUE, WHITE, "^", "allies spread"),
    "hollow": (GOLD, INK, "o", "hollow: mostly token support"),
    "silence": (GREY, INK, "_", "silence"),
    "opposition": (INDIGO, WHITE, "X", "opposition"),
    "mixed": (WHITE, INK, "D", "mixed: none has a majority"),
}
# Lines: colour, dashes, symbol, words.
LINES = {
    "ally_share": (BLUE, "-", "^", "allies"),
    "token_share": ("#B38F00", "--", "o", "token allies"),
    "bystand_share": ("#8C8C8C", ":", "_", "silent"),
    "oppose_share": (INDIGO, "-.", "X", "opposers"),
    "welcome_share": (GREEN, "-", "P", "welcome allies"),
    "gatekeep_share": ("#AA4499", "--", "s", "keep allies out"),
    "withdraw_share": (INK, ":", "v", "withdrawn"),
    "mean_trust": ("#56B4E9", "-.", "d", "average trust"),
}
# The same signs where each is drawn as a picture: words to an outline in SVG, on a square from -14 to 14.
SHAPES = {
    "ally": "M0-10.5L10 7.5H-10Z",
    "token": "M-8 0a8 8 0 1 0 16 0a8 8 0 1 0-16 0ZM-3.6 0a3.6 3.6 0 1 1 7.2 0a3.6 3.6 0 1 1-7.2 0Z",
    "bystand": "M-9-3.2H9V3.2H-9Z",
    "oppose": "M-9-5.5L-5.5-9 0-3.5 5.5-9 9-5.5 3.5 0 9 5.5 5.5 9 0 3.5-5.5 9-9 5.5-3.5 0Z",
    "welcome": "M-3-9H3V-3H9V3H3V9H-3V3H-9V-3H-3Z",
    "gatekeep": "M-7.5-7.5H7.5V7.5H-7.5Z",
    "withdraw": "M0 9L-8.5-6.5H8.5Z",
    "trust": "M0-10L6 0 0 10-6 0Z",
}
# What people show, in the order of `sim.rules.Stance` and `sim.rules.Response`: the place in a list is the code.
STANCES, RESPONSES = ("oppose", "bystand", "token", "ally"), ("gatekeep", "withdraw", "welcome")
# What is drawn of each group, in the order in which it is listed.
ADVANTAGED = ("ally_share", "token_share", "bystand_share", "oppose_share")
MARGINALIZED = ("welcome_share", "withdraw_share", "gatekeep_share", "mean_trust")
STARTS = {
    "silent": ("#8C8C8C", ":", "_", "everybody silent"),
    "allied": (BLUE, "-", "^", "everybody an ally"),
    "opposed": (INDIGO, "-.", "X", "everybody opposed"),
}
LOOPS = {
    "up": (GREEN, "-", ">", "raised step by step"),
    "down": (INDIGO, "--", "<", "lowered again"),
    "stay": ("#B38F00", ":", "D", "control: as many steps without any change"),
}
DISTINCT = [(BLUE, "-", "^"), (GREEN, "--", "P"), (INK, ":", "v"), ("#AA4499", "-.", "s")]  # for lines named elsewhere
QUIET = {"frameon": False, "fontsize": 8.5, "handletextpad": 0.5, "columnspacing": 1.4, "labelspacing": 0.3}
MIXED_HATCH = "///////"
AGREED = 0.9  # below this share of replicates, a cell of a map says how many agree


def act_look(word: str) -> tuple:
    """Return colour, dashes, symbol and words of what a person shows, such as "ally" or "welcome"."""
    return LINES[f"{word}_share"]


def looks_of(names) -> dict:
    """Return the looks of some of `LINES`."""
    return {name: LINES[name] for name in names}
