"""One number that stands for all of a table."""

from __future__ import annotations

import hashlib

import numpy as np

_NOT_IN_DIGEST = ("seconds",)  # how long a run took is all that may differ between two machines


def digest_of(table) -> str:
    """Return the SHA-256 over all values of a table but the time that runs took, whatever the order it is in."""
    sha = hashlib.sha256()
    table = table.sort_values(["key", *(["place"] if "place" in table else [])], kind="stable")
    for name in sorted(table):
        if name in _NOT_IN_DIGEST:
            continue
        sha.update(f"{name}\n".encode())
        values = table[name]
        if values.dtype.kind == "f":
            numbers = values.to_numpy(float)
            sha.update(np.where(np.isnan(numbers), np.nan, numbers).astype("<f8").tobytes())  # one NaN for all
        elif values.dtype.kind in "iu":
            sha.update(values.isna().to_numpy().tobytes())
            sha.update(values.fillna(0).to_numpy().astype(f"<{values.dtype.kind}8").tobytes())
        else:
            sha.update("\x1f".join("" if v is None or v != v else str(v) for v in values.to_numpy(object, na_value=None)
                                   ).encode())  # fmt: skip
    return sha.hexdigest()
