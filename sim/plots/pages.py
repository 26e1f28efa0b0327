"""What goes around the drawing: figures and files, frames, headings, legends, notes."""

from __future__ import annotations

import io
import re
import textwrap
from pathlib import Path

from sim.manifest import write_whole
from sim.plots.looks import INK, QUIET, SOFT


def figure(width: float, height: float):
    """Return an empty figure, in inches; it is drawn without a display, and shows itself in a notebook."""
    from sim.plots.picture import Picture

    return Picture(figsize=(width, height), layout="constrained", facecolor="white")


def save(fig, *paths, dpi: int = 150) -> list:
    """Write a figure as PNG or SVG, by the suffix of each path: the same bytes for the same figure.

    PNG files have 256 colours and SVG files two decimals, to stay small.
    """
    fig.draw_without_rendering()
    fig.set_layout_engine("none")  # laid out once, for all formats
    for path in paths:
        (_save_svg if str(path).endswith(".svg") else _save_png)(fig, Path(path), dpi)
    return list(paths)


def _save_png(fig, path: Path, dpi: int) -> None:
    from PIL import Image

    drawn = io.BytesIO()
    fig.savefig(drawn, format="png", dpi=dpi)
    with Image.open(drawn) as image:
        small = io.BytesIO()
        image.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(small, format="PNG", optimize=True)
    write_whole(path, small.getvalue())


def _save_svg(fig, path: Path, dpi: int) -> None:
    import matplotlib

    drawn = io.BytesIO()
    with matplotlib.rc_context({"svg.hashsalt": "allyship"}):
        fig.savefig(drawn, format="svg", metadata={"Date": None, "Creator": None})
    # A hundredth of a point is more than anybody can see.
    short = re.sub(r'(?m)(^[MLCQ ]|d="M|[xy]=")[-\d. ]+', _round_numbers, drawn.getvalue().decode())
    write_whole(path, short)


def _round_numbers(match) -> str:
    return re.sub(r"-?\d+\.\d+", lambda number: f"{float(number[0]):.2f}", match[0])


def plain(ax, *, title: str = "", x: str = "", y: str = ""):
    """Give axes the common look: title in words on the left, light frame, small ticks."""
    ax.set_title(title, loc="left", fontsize=9, color=INK, parse_math=False)
    ax.set_xlabel(x, fontsize=9, color=INK, parse_math=False)
    ax.set_ylabel(y, fontsize=9, color=INK, parse_math=False)
    ax.tick_params(labelsize=8, length=2.5, color=SOFT, labelcolor=INK)
    for side, spine in ax.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_color(SOFT)
    return ax


def shares_axis(ax):
    """Let the vertical axis run from 0 to 100 %."""
    ax.set_ylim(-0.02, 1.02)
    ax.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "25 %", "50 %", "75 %", "100 %"])
    ax.grid(axis="y", color="#E6E6E6", linewidth=0.6)
    ax.set_axisbelow(True)
    return ax


def key(ax):
    """Add a legend below axes."""
    return ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), handlelength=2.6, **QUIET)


def line_key(fig, where: str = "upper center"):
    """Add one legend of everything drawn in a figure, or a part of one, outside its axes."""
    entries = {}
    for ax in [ax for part in (fig, *fig.subfigs) for ax in part.axes]:
        entries |= {words: handle for handle, words in zip(*ax.get_legend_handles_labels(), strict=True)}
    legend = fig.legend(entries.values(), entries.keys(), loc=f"outside {where}", ncols=4, handlelength=2.6, **QUIET)
    for text in legend.get_texts():
        text.set_parse_math(False)
    return legend


def heading(fig, text: str) -> None:
    """Print a heading above a figure or part of one."""
    fig.suptitle(text, fontsize=10.5, fontweight="bold", color=INK, x=0.01, ha="left", parse_math=False)


def note(fig, paragraphs) -> None:
    """Print what the figure rests on (people, replicates, seeds, sources) below it."""
    text = "\n".join(textwrap.fill(paragraph, 138) for paragraph in paragraphs)
    fig.supxlabel(text, fontsize=8, color=SOFT, x=0.01, ha="left", parse_math=False)


def capital(text: str) -> str:
    """Return a text with a capital letter at its beginning; the rest stays as it is."""
    return text[:1].upper() + text[1:]


def blocks(fig, headings, rows, columns, draw) -> None:
    """Fill a figure with blocks of axes, one below the other.

    Parameters
    ----------
    fig : matplotlib Figure
    headings, rows, columns : mappings of str to anything
        The words at a block, a row or a column, and what they stand for.
    draw : callable
        Called with axes and what block, row and column stand for.
    """
    for part, (words, block) in zip(fig.subfigures(len(headings), 1), headings.items(), strict=True):
        heading(part, capital(words))
        grid = part.subplots(len(rows), len(columns), sharex=True, sharey=True, squeeze=False)
        for axes, (label, row) in zip(grid, rows.items(), strict=True):
            for ax, (title, column) in zip(axes, columns.items(), strict=True):
                draw(ax, block, row, column)
                ax.set_title(title, loc="left", fontsize=9, color=INK)
                ax.set_ylabel(label, fontsize=9)
                ax.label_outer()
