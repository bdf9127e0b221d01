"""Every page, opened cold by its own address, in a real Chromium."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

PAGES = {
    "": "Take the noise off",
    "your-photo": "Take the noise off your own photo.",
    "accuracy": "How well does it work?",
    "how-it-works": "How it works",
    "retrain": "Retrain it, and watch it learn.",
    "models": "The models",
}
PHONE = {"width": 390, "height": 844}
TALL = {"width": 1280, "height": 1600}


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_opens_on_a_phone_by_its_address(server, open_tab, path, scheme):
    tab = open_tab(f"{server.url}/{path}", viewport=PHONE, color_scheme=scheme)
    expect(tab.get_by_role("heading", level=1)).to_contain_text(PAGES[path])
    expect(tab.locator(".st-key-header a")).to_have_count(len(PAGES))
    tab.wait_for_function("document.querySelectorAll('[data-stale=true]').length === 0")
    assert tab.evaluate("document.querySelector('.stMain').scrollWidth") <= PHONE["width"]
    assert tab.locator(".stAlert").count() == 0


def test_the_choice_goes_along_from_page_to_page(server, open_tab):
    tab = open_tab(f"{server.url}/?pick=4&noise=speckle&level=0.3")
    expect(tab.locator(".verdict h2")).to_be_visible(timeout=20_000)
    tab.get_by_role("link", name="How it works").first.click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("How it works")
    expect(tab).to_have_url(re.compile("how-it-works"))
    expect(tab.locator("img[alt='Test image 4, Shirt, noisy']").first).to_be_visible()
    expect(tab).to_have_url(re.compile(r"pick=4&noise=speckle&level=0\.3"))


def test_a_choice_is_in_the_address_by_its_technical_name(server, open_tab):
    tab = open_tab(server.url)
    tab.get_by_text("Salt & pepper").click()
    expect(tab).to_have_url(re.compile("noise=salt_pepper"))
    tab.get_by_text("Uniform").click()
    expect(tab).not_to_have_url(re.compile("noise="))


def test_a_clicked_cell_shows_its_pictures(server, open_tab):
    tab = open_tab(f"{server.url}/accuracy?model=classic", viewport=TALL)
    matrix = tab.locator(".st-key-confusion-denoised .js-plotly-plot")
    expect(matrix).to_be_visible(timeout=20_000)
    expect(tab.locator(".note")).to_contain_text("Shirt, taken for T-shirt/top")
    area = matrix.locator(".nsewdrag").bounding_box()
    # Row 3, Dress; column 1, Trouser.
    x, y = area["x"] + area["width"] * 0.15, area["y"] + area["height"] * 0.35
    tab.mouse.move(x, y)
    expect(matrix.locator(".hoverlayer")).to_contain_text("Dress, taken for Trouser")
    tab.mouse.click(x, y)
    expect(tab.locator(".note")).to_contain_text("Dress, taken for Trouser")
    picture = tab.locator(".mistakes a").first
    picture.click()
    expect(tab.locator(".verdict .truth")).to_have_text("It is: Dress", timeout=20_000)
    expect(tab.locator(".verdict h2")).to_contain_text("Trouser")
    tab.go_back()
    expect(tab.locator(".note")).to_contain_text("Dress, taken for Trouser", timeout=20_000)
