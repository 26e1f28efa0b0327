"""The slider of a film shows the step it stands at; in a browser, if there is one."""

from explorer_browser import browser, needs_browser

import sim
from sim.plots.looks import RESPONSES, STANCES

STEP = 13


@needs_browser
def test_the_slider_shows_its_step_and_two_films_on_a_page_do_not_mix():
    network = sim.networks.two_groups(n_people=30, marginalized_share=0.3, mean_degree=6, homophily=0, seed=1)
    run = sim.simulate(network=network, steps=20, seed=2, record_people=True)
    html = run.animate().html
    with browser() as opened:
        page, problems = opened.new_page(), []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.set_content(f"<!doctype html><body>{html}{html}")
        page.locator("input").first.fill(str(STEP))
        first = page.locator("[data-film]").first
        shown = {word: int(first.locator(f"[data-count={word}]").text_content()) for word in (*STANCES, *RESPONSES)}
        assert page.locator("[data-step]").all_text_contents() == ["Step 13 of 20", "Step 0 of 20"]
        page.locator("[data-play]").nth(1).click()
        page.wait_for_function("document.querySelectorAll('[data-step]')[1].textContent === 'Step 2 of 20'")
    acts = run.trajectory["act"][STEP]
    for words, is_group in ((STANCES, ~network.is_marginalized), (RESPONSES, network.is_marginalized)):
        for code, word in enumerate(words):
            assert shown[word] == ((acts == code) & is_group).sum()
    assert not problems
