"""Retraining as a visitor does it, in a real Chromium, with a stand-in for the training process."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

PATIENCE = 30_000


def start(server, open_tab):
    tab = open_tab(f"{server.url}/retrain")
    tab.get_by_role("button", name="Start training").click()
    expect(tab).to_have_url(re.compile("run=quick-"))
    return tab


def test_start_watch_stop_use(retrain_server, open_tab):
    tab = start(retrain_server, open_tab)
    head = tab.locator(".run-head h2")
    expect(head).to_contain_text("Denoiser, epoch", timeout=PATIENCE)
    expect(tab.locator(".st-key-learning-denoiser .js-plotly-plot")).to_be_visible(timeout=PATIENCE)
    expect(tab.locator(".ten img")).to_have_count(20)
    expect(head).to_contain_text("Classifier, epoch 2", timeout=PATIENCE)

    tab.reload()
    expect(head).to_contain_text("Classifier", timeout=PATIENCE)
    tab.get_by_role("button", name="Stop and keep the best").click()
    expect(head).to_have_text("Stopped", timeout=5_000)
    tab.get_by_role("button", name="Make a model of it").click()
    expect(head).to_have_text("Done", timeout=PATIENCE)
    expect(tab.locator("table.compared")).to_contain_text("This run", timeout=PATIENCE)

    tab.get_by_role("link", name="Use it").click()
    expect(tab).to_have_url(re.compile("/\\?model=quick-"))
    expect(tab.locator(".verdict h2")).to_be_visible(timeout=PATIENCE)
    expect(tab.locator(".st-key-choose-model button[aria-checked=true]")).to_have_text(
        "The original"
    )
    assert tab.locator(".stAlert").count() == 0


def test_watching_needs_no_rerun_of_the_page_and_the_knobs_stay_usable(retrain_server, open_tab):
    tab = start(retrain_server, open_tab)
    expect(tab.locator(".run-head h2")).to_contain_text("epoch", timeout=PATIENCE)
    level = tab.locator(".st-key-knob-quick-noise-level input[type=range]")
    level.focus()
    tab.keyboard.press("ArrowLeft")
    expect(tab).to_have_url(re.compile("set=noise.level"))
    expect(tab.locator(".run-head h2")).to_have_text("Done", timeout=PATIENCE)
    assert tab.locator("[data-stale=true]").count() == 0


def test_a_card_is_chosen_by_keyboard(retrain_server, open_tab):
    tab = open_tab(f"{retrain_server.url}/retrain")
    tab.get_by_role("button", name="Balanced").focus()
    tab.keyboard.press("Enter")
    expect(tab).to_have_url(re.compile("recipe=balanced"))
    expect(tab.locator(".recipe.chosen h3")).to_have_text("Balanced")
