"""The same runs in Python and in the page's engine, to be compared bit for bit."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from pathlib import Path

import networkx as nx
import numpy as np

import sim
from sim.explorer.model_script import engine_script
from sim.interventions import CATALOGUE, RULES, intervention
from sim.parameters import KNOBS
from sim.state import FIELDS
from sim.verification import configurations as configurations_of

N_CONFIGURATIONS = 64
MEASURES = (
    "ally_share", "token_share", "bystand_share", "oppose_share", "welcome_share", "withdraw_share", "gatekeep_share",
    "mean_stigma", "mean_trust", "mean_sympathy", "perceived_support", "expressed_support", "private_support",
    "pressure_per_ally", "silent_private_share", "opposer_private_share",
)  # fmt: skip
ENGINES = [name for name in ("node", "gjs", "jsc") if shutil.which(name)]

# Run in an engine or in the page: turns settings as JSON has them into what came out, as text.
HARNESS = """
function twin(given) {
  const settings = { ...given, network: network_of(given.network) };
  let run = record(settings, given.steps);
  if (given.branch) run = branch(run, given.branch.step, given.branch.changes, given.steps - given.branch.step);
  const bytes = {};
  const kinds = { act: Uint8Array, betrayed: Uint8Array };
  for (const name of ["act", "betrayed", "sympathy", "loyalty", "stigma", "trust"]) {
    const parts = run.states.map((state) => new Uint8Array(state[name].buffer));
    bytes[name] = to_text(parts);
  }
  for (const name of MEASURES) bytes[name] = to_text([new Uint8Array(run.history[name].buffer)]);
  return { bytes, picked: run.course.picked, regime: regime_of(run.history) };
}
function to_text(parts) {
  let text = "";
  for (const part of parts) for (const byte of part) text += byte.toString(16).padStart(2, "0");
  return text;
}
"""


def random_parameters(rng) -> sim.Parameters:
    """Draw parameters as the engines are compared with, at times without any noise."""
    parameters = configurations_of.random_parameters(rng)
    return parameters.replace(noise=0.0) if rng.random() < 0.1 else parameters


def random_network(rng):
    """Draw a network of any family, from 2 to 120 people, hubs and isolated people included."""
    n, seed = int(rng.choice([2, 5, 17, 40, 60, 120])), int(rng.integers(2**32))
    kind = str(rng.choice(["two_groups", "scale_free", "small_world", "complete", "star", "graph"]))
    if kind in ("star", "graph"):
        graph = nx.star_graph(n) if kind == "star" else nx.gnm_random_graph(n, 2 * n, seed=seed)
        pairs = np.array(graph.edges(), dtype=np.int64).reshape(-1, 2)
        return sim.networks.from_edges(pairs, rng.random(len(graph)) < 0.3)
    share = float(rng.choice([0.0, 0.2, 0.2, 0.5, 0.5, 1.0]))
    if kind == "complete":
        return sim.networks.complete(n_people=min(n, 40), marginalized_share=share, seed=seed)
    degree = min(int(rng.choice([2, 4, 10])), (n - 1) // 2 * 2)
    extra = {"homophily": 0.0} if kind == "two_groups" else {}
    return sim.networks.GENERATORS[kind](n_people=n, marginalized_share=share, mean_degree=degree, seed=seed, **extra)


def random_interventions(rng, network) -> list:
    """Draw up to three ready-made interventions with other times, people and strengths; never two scripts."""
    done = []
    for kind in rng.choice(list(CATALOGUE), size=int(rng.integers(0, 4)), replace=False):
        begin = int(rng.integers(0, 6))
        given = {"begin": begin, "strength": float(rng.choice([0.5, 1.0, 1.7])), "draw": int(rng.integers(0, 3))}
        if CATALOGUE[kind].defaults.get("who", "everybody") != "everybody":
            given["who"] = str(rng.choice(RULES[1:]))
        if rng.random() < 0.5:
            given["end"] = begin + int(rng.integers(1, 5))
            given["ramp"] = int(rng.integers(0, 4))
        one = intervention(str(kind), **given)
        if not (one.force and any(other.force for other in done)):
            done.append(one)
    if rng.random() < 0.3 and network.n_advantaged:
        done.append(intervention("custom", begin=int(rng.integers(0, 4)), set={"sympathy": 0.5, "stigma": 0.25}))
    return done


def configurations(count: int = N_CONFIGURATIONS, *, seed: int = 20261121) -> list[dict]:
    """Return settings of runs: random parameters, networks, starts, schedules, interventions, seeds, branches."""
    rng = np.random.default_rng(seed)
    made = []
    for case in range(count):
        network = random_network(rng)
        made.append({
            "parameters": random_parameters(rng), "network": network, "steps": int(rng.integers(3, 16)),
            "seed": int(rng.integers(2**63)) * 2 + case % 2, "start_seed": int(rng.integers(2**63)),
            "start": ["silent", "allied", "opposed", 0.07, 0.5, 1.0, 0.25][int(rng.integers(7))],
            "schedule": ("synchronous", "shuffled")[case % 2],
            "interventions": random_interventions(rng, network) if case % 4 else [],
            "branch": {"step": 2, "parameters": random_parameters(rng)} if case % 5 == 0 else None,
        })  # fmt: skip
    return made


def numbers_json(parameters: sim.Parameters) -> dict:
    """Return the values as the page's engine reads them."""
    return {name: float(value) for name, value in parameters.to_dict().items()}


def json_of(given: dict) -> dict:
    """Return settings as the page's engine takes them."""
    network = given["network"]
    ties = [network.neighbours_of(i).tolist() for i in range(network.n_people)]
    told = {name: given[name] for name in ("steps", "start", "schedule")}
    branch = given["branch"] and {
        "step": given["branch"]["step"], "changes": {"parameters": numbers_json(given["branch"]["parameters"])}
    }  # fmt: skip
    return told | {
        "parameters": numbers_json(given["parameters"]), "seed": str(given["seed"]), "branch": branch,
        "start_seed": str(given["start_seed"]), "interventions": [one.to_dict() for one in given["interventions"]],
        "network": {"is_marginalized": network.is_marginalized.astype(int).tolist(), "neighbours": ties},
        "limits": {knob.name: [float(knob.low), float(knob.high)] for knob in KNOBS},
    }  # fmt: skip


def python_run(given: dict) -> sim.Run:
    """Return the run that Python makes of settings (without their branch)."""
    settings = {name: value for name, value in given.items() if name not in ("parameters", "network", "branch")}
    return sim.simulate(given["parameters"], given["network"], record_people=True, **settings)


def python_twin(given: dict) -> dict:
    """Return what comes out in Python, in bytes by name."""
    run, branch = python_run(given), given["branch"]
    rows = {name: run.trajectory[name] for name in FIELDS} | {name: run.history[name].to_numpy() for name in MEASURES}
    if branch:
        cut = branch["step"]
        first = sim.simulate(given["parameters"], given["network"], record_people=True, **{
            name: given[name] for name in ("seed", "start_seed", "start", "schedule", "interventions")
        }, steps=cut)  # fmt: skip
        rest = sim.simulate(branch["parameters"], given["network"], steps=given["steps"] - cut, seed=given["seed"],
                            start=first, schedule=given["schedule"], interventions=given["interventions"],
                            record_people=True)  # fmt: skip
        other = {name: rest.trajectory[name] for name in FIELDS}
        other |= {name: rest.history[name].to_numpy() for name in MEASURES}
        rows = {name: np.concatenate([values[:cut], other[name]]) for name, values in rows.items()}
        run = rest
    return {"bytes": {name: _plain(values) for name, values in rows.items()},
            "picked": [list(map(int, people)) for people in run.picked], "regime": str(run.regime)}  # fmt: skip


def _plain(values: np.ndarray) -> bytes:
    return np.where(np.isnan(values), np.nan, values).astype(values.dtype).tobytes()  # one way to write NaN


def page_twin(told: dict) -> dict:
    """Return what came out in the page, as `python_twin` does."""
    found = {}
    for name, text in told["bytes"].items():
        raw = bytes.fromhex(text)
        found[name] = raw if name in ("act", "betrayed") else _plain(np.frombuffer(raw, "<f8"))
    return told | {"bytes": found}


def in_engine(script: str, value, engine: str | None = None) -> object:
    """Run the page's engine: `script` sees `given`, and what it returns comes back as JSON.

    Engines are those of Chrome (node), Firefox (gjs) and Safari (jsc); by default the first that is installed.
    """
    command = engine or next(iter(ENGINES))
    code = f"""{engine_script()}
{HARNESS}
const given = {json.dumps(value)};
const told = JSON.stringify((() => {{ {script} }})());
typeof print === "function" ? print(told) : console.log(told);
"""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "engine.js")
        file.write_text(code, encoding="utf-8")
        done = subprocess.run([command, str(file)], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)
