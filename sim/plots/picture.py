"""A figure that shows itself in a notebook, whatever else has been imported there."""

from __future__ import annotations

import base64
import html
import io

from matplotlib.figure import Figure


class Picture(Figure):
    """A Matplotlib figure with a picture of itself.

    Matplotlib's own figure is shown only where ``pyplot`` was set up for notebooks.
    """

    def _repr_html_(self) -> str:
        drawn = io.BytesIO()
        self.savefig(drawn, format="png", dpi=110)
        data = base64.b64encode(drawn.getvalue()).decode()
        return f'<img style="max-width:100%" alt="{html.escape(self.told())}" src="data:image/png;base64,{data}">'

    def told(self) -> str:
        """Return the words in the figure that say what is drawn: for who cannot see it."""
        title, note = ("" if text is None else text.get_text() for text in (self._suptitle, self._supxlabel))
        words = [" ".join(one.split()) for one in (title, *map(_drawn, self.axes), note)]
        return ". ".join(one for one in words if one)


def _drawn(ax) -> str:
    name, curves = ax.get_label() or ax.get_title(loc="left"), ", ".join(ax.get_legend_handles_labels()[1])
    return ": ".join(one for one in (name, curves) if one)
