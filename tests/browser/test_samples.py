"""The start page as a visitor meets it, in a real Chromium."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
LINK = "/?pick=7&noise=speckle&level=0.45&seed=12"


def before(tab):
    return tab.locator(".comparison img.before")


def wait_until_done(tab):
    expect(tab.locator(".verdict h2")).to_be_visible(timeout=20_000)
    expect(before(tab)).to_have_attribute("src", re.compile("^data:image/png"))


def test_first_paint(server, open_tab):
    tab = open_tab(server.url)
    wait_until_done(tab)
    expect(tab.get_by_role("heading", level=1)).to_contain_text("Take the noise off")
    expect(tab.locator(".verdict .line")).to_contain_text("→ denoised:")
    expect(tab.locator(".bars tbody tr")).to_have_count(10)
    expect(tab.locator(".gallery button")).to_have_count(28)
    assert tab.locator("img:not([alt])").count() == 0
    assert tab.locator(".stAlert").count() == 0


@pytest.mark.parametrize("size", [(1280, 720), (390, 844)])
def test_the_level_is_set_in_sight_of_the_picture(server, open_tab, size):
    tab = open_tab(server.url, viewport={"width": size[0], "height": size[1]})
    wait_until_done(tab)
    picture = tab.locator(".comparison").bounding_box()
    level = tab.locator(".st-key-choose-level").bounding_box()
    assert level["y"] + level["height"] - picture["y"] < size[1]


def test_pictures_are_pixel_exact(server, open_tab):
    tab = open_tab(server.url)
    wait_until_done(tab)
    assert before(tab).evaluate("image => image.naturalWidth") == 280
    assert before(tab).evaluate("image => getComputedStyle(image).imageRendering") == "pixelated"
    assert before(tab).evaluate("image => image.clientWidth") > 300


def test_moving_the_level_changes_the_picture_and_the_address(server, open_tab):
    tab = open_tab(server.url)
    wait_until_done(tab)
    old = before(tab).get_attribute("src")
    tab.locator(".st-key-choose-level input[type=range]").focus()
    tab.keyboard.press("ArrowRight")
    expect(before(tab)).not_to_have_attribute("src", old)
    expect(tab).to_have_url(re.compile(r"level=0\.65"))


def test_a_cold_deep_link_shows_the_same_picture_bit_for_bit(new_server, open_tab):
    pictures = set()
    for _ in range(2):
        tab = open_tab(new_server().url + LINK)
        wait_until_done(tab)
        expect(tab.locator(".stHtml h1")).to_have_count(1)
        pictures.add(before(tab).get_attribute("src"))
    assert len(pictures) == 1


def test_the_seam_moves_by_keyboard_without_the_server(server, open_tab):
    frames = []
    tab = open_tab(server.url, on_frame_sent=frames.append)
    wait_until_done(tab)
    assert frames
    frames.clear()
    seam = tab.locator(".comparison input")
    seam.focus()
    for _ in range(5):
        tab.keyboard.press("ArrowLeft")
    assert seam.get_attribute("aria-valuetext") == "45 % noisy"
    clip = before(tab).evaluate("image => getComputedStyle(image).clipPath")
    assert "55%" in clip
    assert frames == []


def test_the_seam_moves_by_mouse(server, open_tab):
    tab = open_tab(server.url)
    wait_until_done(tab)
    box = tab.locator(".comparison").bounding_box()
    tab.mouse.click(box["x"] + box["width"] * 0.2, box["y"] + box["height"] / 2)
    assert int(tab.locator(".comparison input").input_value()) in range(15, 26)


def test_picking_from_the_gallery(server, open_tab):
    tab = open_tab(server.url)
    wait_until_done(tab)
    tab.locator(".gallery button").nth(4).click()
    expect(tab).to_have_url(re.compile("pick=4"))
    expect(before(tab)).to_have_attribute("alt", re.compile("^Test image 4, "))
    tab.go_back()
    expect(before(tab)).not_to_have_attribute("alt", re.compile("^Test image 4, "))


def test_picking_several(server, open_tab):
    tab = open_tab(server.url + "/?pick=1&several=true")
    wait_until_done(tab)
    tab.locator(".gallery button").nth(3).click()
    expect(tab.locator(".sample-row")).to_have_count(2)
    expect(tab.locator(".gallery button[aria-pressed=true]")).to_have_count(2)


def test_the_link_is_copied(server, open_tab):
    tab = open_tab(server.url + LINK, permissions=["clipboard-read", "clipboard-write"])
    wait_until_done(tab)
    tab.get_by_role("button", name="Copy link").click()
    expect(tab.locator(".share [role=status]")).to_have_text("Copied")
    assert tab.evaluate("navigator.clipboard.readText()") == tab.url


@pytest.mark.parametrize("name", ["Pictures (PNG)", "Probabilities (CSV)"])
def test_downloads(server, open_tab, name):
    tab = open_tab(server.url)
    wait_until_done(tab)
    with tab.expect_download() as download:
        tab.get_by_role("button", name=name).click()
    content = download.value.path().read_bytes()
    assert content.startswith(b"\x89PNG" if "PNG" in name else b"test_image,label,model,")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("link", ["/", "/?pick=1,2,3", "/?noise=salt_pepper&level=1.0"])
def test_nothing_scrolls_sideways_on_a_phone(server, open_tab, scheme, link):
    tab = open_tab(server.url + link, viewport=PHONE, color_scheme=scheme)
    expect(tab.locator(".verdict h2").first).to_be_visible(timeout=20_000)
    for element in ("document.documentElement", "document.querySelector('.stMain')"):
        assert tab.evaluate(f"{element}.scrollWidth") <= PHONE["width"]
