"""Write the golden run anew. Do so only when results are meant to change, with a line in CHANGELOG.md that says so.

    python tests/golden/make.py
"""

from __future__ import annotations

import json

from sim.verification.golden import FILES, digest_of, golden_run

for schedule, file in FILES.items():
    file.write_text(json.dumps(digest_of(golden_run(schedule)), indent=1) + "\n")
    print("written:", file.name)
