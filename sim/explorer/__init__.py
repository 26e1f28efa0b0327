"""The explorer: the model in one HTML file that needs no installation, no server and no network.

>>> from sim.explorer import page
>>> page().startswith("<!doctype html>")
True
"""

from sim.explorer.page import page, write_page

__all__ = ["page", "write_page"]
