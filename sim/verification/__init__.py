"""What is promised of the model, checked case by case on the machine it runs on: checks, rows, a table."""

import importlib

# Loaded when first used: the processes that checks start and kill need next to nothing of this.
_PLACES = {
    "SECTIONS": "verifying", "Case": "check", "Check": "check", "Row": "verifying", "Section": "check",
    "Verification": "verifying", "verify": "verifying",
}  # fmt: skip

__all__ = list(_PLACES)


def __getattr__(name):
    if name not in _PLACES:
        raise AttributeError(f"module 'sim.verification' has no attribute {name!r}; it has {', '.join(__all__)}")
    return getattr(importlib.import_module(f"sim.verification.{_PLACES[name]}"), name)
