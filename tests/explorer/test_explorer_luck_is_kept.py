"""Moving the slider changes one thing: people and luck stay those that a link brought."""

from __future__ import annotations

from explorer_browser import needs_browser, run_thirty

import sim
from sim.explorer.baked import network
from sim.explorer.scenes import scenes, settings_of

pytestmark = needs_browser


def test_people_and_luck_of_a_link_stay_when_the_slider_moves(visitor):
    setup = "{ ...allyship.setup_of_scene('alone', 3), seed: '11', start_seed: '5' }"
    visitor.visit(visitor.page.evaluate(f"allyship.link_of({setup})"))
    for value in (3, 8):
        visitor.slide("#slider", value)
        visitor.run()
        settings = settings_of(scenes()["alone"], value)
        run = sim.simulate(network=network("neighbourhood"), seed=11, start_seed=5, **settings)
        assert visitor.page.evaluate("Array.from(allyship.app.run.states.at(-1).trust)") == run.state.trust.tolist()
    run_thirty(visitor)
    first = visitor.page.evaluate("Array.from(allyship.app.many[2].history.mean_trust)")
    other = sim.simulate(network=network("neighbourhood"), seed=13, start_seed=7, **settings)
    assert first == other.history["mean_trust"].tolist()
