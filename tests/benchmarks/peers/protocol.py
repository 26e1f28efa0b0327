"""What a worker does: answer every line of JSON on its standard input with one on its standard output.

    python protocol.py work_agentpy

Its `PEERS` map names to functions (people, file of ties) -> prepared work. Prepared work has ``advance(steps)``; where
it claims equal work also ``check()``, which tells what was found.

``prepare`` sets a peer up on a network, ``advance`` takes some steps and tells how many seconds they took, ``check``
tells whether the work was equal to that of this engine. Standard library only: every peer's environment can read it.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import time


def serve(name: str) -> None:
    """Answer for the peers of a module until the input ends."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever a peer prints, on being imported or later, is no answer
    peers = importlib.import_module(name).PEERS
    ready: dict = {}
    for line in sys.stdin:
        try:
            told = _answer(peers, ready, json.loads(line))
        except Exception as problem:
            told = {"problem": f"{type(problem).__name__}: {problem}"}
        print(json.dumps(told), file=answers, flush=True)


def _answer(peers: dict, ready: dict, asked: dict) -> dict:
    place = asked["peer"], asked["people"]
    if asked["do"] == "prepare":
        ready[place] = peers[asked["peer"]](asked["people"], asked["ties"])
        return {}
    if asked["do"] == "check":
        check = getattr(ready[place], "check", None)
        return {"equal": check and check()}
    begun = time.perf_counter()
    ready[place].advance(asked["steps"])
    return {"seconds": time.perf_counter() - begun}


if __name__ == "__main__":
    serve(sys.argv[1])
