"""Fixtures for tests anywhere."""

from refusing import nothing_runs

__all__ = ["nothing_runs"]
