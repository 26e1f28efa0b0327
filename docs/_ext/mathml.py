"""Formulas as MathML, which every current browser draws by itself: no script, no font, no network."""

from docutils.nodes import SkipNode
from latex2mathml.converter import convert
from sphinx.util.math import get_node_equation_number


def inline(writer, node) -> None:
    """Write a formula that stands in a sentence."""
    writer.body.append(convert(node.astext()))
    raise SkipNode


def block(writer, node) -> None:
    """Write a formula that stands by itself, with its number if it has one."""
    writer.body.append(writer.starttag(node, "div", CLASS="math"))
    if node["number"]:
        writer.body.append(f'<span class="eqno">({get_node_equation_number(writer, node)})</span>')
    writer.body.append(convert(node.astext(), display="block") + "</div>\n")
    raise SkipNode


def setup(app):
    """Make it known to Sphinx."""
    app.add_html_math_renderer("mathml", (inline, None), (block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
