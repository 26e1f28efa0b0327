"""The model in a browser, Mesa's way: one Mesa model for each visitor, with numbers to change while it runs.

It needs the extra ``app`` (Solara); nothing of that is imported before the server starts.
"""

from sim.app.server import serve

__all__ = ["serve"]
