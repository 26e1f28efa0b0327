"""Compile a kernel once, keep it on disk, and never run a stale one.

Numba's own cache looks only at the file that holds the kernel. Ours are built from rules that live in other
files, so a changed rule would leave an old kernel in use. Here a cached kernel is valid only for exactly the
sources it was built from (and, through Numba, for this processor and Numba version).
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import tempfile
from pathlib import Path

import numba

try:  # Numba has no public door to its cache location; without these names we compile in every process instead.
    from numba.core.caching import CompileResultCacheImpl, FunctionCache, _CacheLocator
except ImportError:  # pragma: no cover - depends on the installed Numba
    FunctionCache = None

_HOME = Path(__file__).resolve().parent
# Everything a kernel can be built from. Files of the readable half do not invalidate compiled code.
_SOURCES = (
    "arithmetic.py", "compiled.py", "gather.py", "kernel.py", "meanfield.py", "parameters.py", "rivals.py", "rules.py",
    "signals.py", "state.py", "streams.py", "tallies.py", "wide.py", "classics", "networks",
)


@functools.cache
def source_stamp() -> str:
    """Return a digest of every source file that a compiled kernel can depend on."""
    digest = hashlib.sha256()
    for name in _SOURCES:
        path = _HOME / name
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            if file.exists():
                digest.update(file.name.encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()


@functools.cache
def cache_folder() -> Path | None:
    """Return a writable folder for compiled kernels, or None when there is none.

    The first that can be written of: ``ALLYSHIP_CACHE`` (a folder of your choice), the package's own
    ``__pycache__``, the user's cache folder, a private folder among the temporary files.
    """
    user = f"allyship-{os.getuid()}" if hasattr(os, "getuid") else "allyship"
    base = Path(os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or "~/.cache").expanduser()
    chosen = os.environ.get("ALLYSHIP_CACHE")
    candidates = [Path(chosen)] if chosen else []
    candidates += [_HOME / "__pycache__" / "kernels", base / "allyship", Path(tempfile.gettempdir()) / user]
    for folder in candidates:
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if hasattr(os, "getuid") and folder.stat().st_uid != os.getuid():
                continue  # compiled code is loaded from here: never from a folder somebody else owns
            with tempfile.TemporaryFile(dir=folder):
                return folder
        except OSError:
            continue
    return None


def compiled(function=None, **options):
    """Compile a function with Numba (releasing the GIL) and cache it against all of its sources.

    Parameters
    ----------
    function : callable, optional
        The kernel; omitted when used as ``@compiled(...)`` with options for ``numba.njit``.
    **options
        Passed to ``numba.njit``. Fast-math is refused: it would let results differ between machines.
    """
    if options.get("fastmath"):
        raise ValueError("fastmath would break bit-for-bit reproducibility; it is not allowed here")
    if function is None:
        return functools.partial(compiled, **options)
    dispatcher = numba.njit(nogil=True, **options)(function)
    if FunctionCache is not None and cache_folder() is not None:
        dispatcher._cache = _KernelCache(function)
        dispatcher._can_compile = True
    return dispatcher


if FunctionCache is not None:

    class _SourceLocator(_CacheLocator):
        """Tells Numba where our kernels live and which sources they belong to."""

        def __init__(self, name):
            self._name = name

        def get_cache_path(self):
            return str(cache_folder())

        def get_source_stamp(self):
            return source_stamp()

        def get_disambiguator(self):
            return source_stamp()[:12]

        @classmethod
        def from_function(cls, py_func, py_file):
            return cls(py_func.__qualname__)

    class _KernelCacheImpl(CompileResultCacheImpl):
        _locator_classes = (_SourceLocator,)

    class _KernelCache(FunctionCache):
        """A cache that can only save time: whatever goes wrong with its files, the kernel is compiled anew."""

        _impl_class = _KernelCacheImpl

        def load_overload(self, sig, target_context):
            try:
                return super().load_overload(sig, target_context)
            except Exception:  # a torn or foreign cache file may raise anything
                return None

        def save_overload(self, sig, data):
            with contextlib.suppress(Exception):  # disk full, folder gone, two processes at once
                super().save_overload(sig, data)
