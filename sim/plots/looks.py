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


def looks_of(names) -> dict:
    """Return the looks of some of `LINES`."""
    return {name: LINES[name] for name in names}
