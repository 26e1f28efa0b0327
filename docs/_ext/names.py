"""Short names in docstrings (`sim.sweep`) find what stands in the reference under a longer one (`sim.sweeps.sweep`)."""

from sim import _PLACES


def resolved(app, env, node, content):
    """Return a link for a name of the top level, or None if it is none."""
    name = node.get("reftarget", "").removeprefix("sim.")
    if node.get("refdomain") != "py" or name not in _PLACES:
        return None
    domain, here = env.domains.python_domain, node["refdoc"]
    return domain.resolve_xref(env, here, app.builder, "obj", f"{_PLACES[name]}.{name}", node, content)


def setup(app):
    """Make it known to Sphinx."""
    app.connect("missing-reference", resolved)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
