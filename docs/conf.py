"""How the site is made: `python -m sphinx -W -n -b html docs OUT`. Nothing is fetched, neither here nor by a reader."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE / "_ext")]

import sim  # noqa: E402

project = "allyship-sim"
author = "The allyship-sim contributors"
copyright = author
version = release = sim.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.autosummary", "sphinx.ext.viewcode", "numpydoc"]
extensions += ["elsewhere", "listings", "mathml", "names"]  # ours, in _ext/
exclude_patterns = ["_*"]

myst_enable_extensions = ["dollarmath", "amsmath", "deflist"]
myst_disable_syntax = ["myst_line_comment"]  # a line of text may begin with a per cent sign
myst_heading_anchors = 4  # the anchors that a link on GitHub has
myst_dmath_double_inline = True

autodoc_typehints = "none"  # the docstrings tell what is taken and returned
autodoc_member_order = "bysource"
autosummary_generate = False
nitpick_ignore_regex = [("py:obj", r"(?!sim\.).*")]  # only a name given in full promises a page
default_role = "autolink"  # `sim.simulate` in a docstring is a link, `seed` is not
numpydoc_show_class_members = False
numpydoc_class_members_toctree = False

html_theme = "furo"
html_title = "allyship-sim"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_math_renderer = "mathml"
html_show_sphinx = False
html_copy_source = False
pygments_style, pygments_dark_style = "friendly", "monokai"
