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
        words = [text.get_text() for text in (self._suptitle, self._supxlabel) if text is not None]
        for ax in self.axes:
            words.insert(-1, f"{ax.get_title(loc='left')}: {', '.join(ax.get_legend_handles_labels()[1])}")
        return ". ".join(" ".join(word.split()) for word in words if word.strip(" :"))
