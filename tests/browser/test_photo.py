"""The photo page as a visitor meets it, in a real Chromium, with a stand-in for the model."""

import io
import re
import zipfile

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
TALL = {"width": 1280, "height": 1600}


def photo(number=0, size=(1200, 900)):
    """Return a noisy picture that is not like another number's."""
    rng = np.random.default_rng(number)
    pixels = rng.normal(120, 30, (size[1], size[0], 3)).clip(0, 255).astype(np.uint8)
    content = io.BytesIO()
    Image.fromarray(pixels).save(content, "JPEG", quality=85)
    return content.getvalue()


def files(*contents):
    return [
        {"name": f"holiday{number}.jpg", "mimeType": "image/jpeg", "buffer": content}
        for number, content in enumerate(contents)
    ]


def open_photo_page(server, open_tab, query="", **options):
    tab = open_tab(f"{server.url}/your-photo{query}", **{"viewport": TALL, **options})
    expect(tab.locator(".verdict h2")).to_be_visible(timeout=20_000)
    wait_for_pictures(tab)
    return tab


def wait_for_pictures(tab):
    expect(tab.locator(".zoom img").first).to_have_attribute("src", re.compile("^blob:"))
    expect(tab.locator("[data-stale=true]")).to_have_count(0)
    for image in tab.locator(".zoom img").all():
        image.evaluate("image => image.decode()")


def upload(tab, *contents, size="1200 × 900"):
    tab.locator("input[type=file]").set_input_files(files(*contents))
    expect(tab.locator(".facts")).to_contain_text(size, timeout=30_000)
    wait_for_pictures(tab)


def zoomed(tab):
    return int(tab.locator(".zoom .full").inner_text().removesuffix(" %"))


def middle(tab, selector):
    box = tab.locator(selector).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def press_and_drag(tab, start, right, down):
    tab.mouse.move(*start)
    tab.mouse.down()
    tab.mouse.move(start[0] + right, start[1] + down, steps=4)
    tab.mouse.up()


def test_an_example_is_shown_at_first(photo_server, open_tab):
    tab = open_photo_page(photo_server, open_tab)
    assert tab.locator(".zoom .before img").evaluate("image => image.naturalWidth") == 300
    expect(tab.locator(".zoom .tag.left")).to_have_text("noisy")
    expect(tab.locator(".found h3")).to_have_text("Strong noise")
    assert tab.locator("img:not([alt])").count() == 0
    assert tab.locator(".stAlert").count() == 0
    tab.get_by_role("button", name="A cup of coffee").click()
    expect(tab).to_have_url(re.compile("example=coffee"))
    expect(tab.locator(".facts")).to_contain_text("600 × 400")


def test_an_upload_is_shown_at_full_size_and_downloaded(photo_server, open_tab):
    tab = open_photo_page(photo_server, open_tab)
    upload(tab, photo())
    assert tab.locator(".zoom .after img").evaluate("image => image.naturalWidth") == 1200
    expect(tab.locator(".zoom .tag.left")).to_have_text("as uploaded")
    for kind, start in (("PNG", b"\x89PNG"), ("JPEG", b"\xff\xd8")):
        with tab.expect_download() as download:
            tab.get_by_role("button", name=f"Download {kind}").click()
        content = download.value.path().read_bytes()
        assert content.startswith(start)
        assert Image.open(io.BytesIO(content)).size == (1200, 900)
        assert download.value.suggested_filename.startswith("photo-1-denoised.")


def test_several_uploads_one_of_them_broken(photo_server, open_tab):
    tab = open_photo_page(photo_server, open_tab)
    upload(tab, photo(1), b"not a picture", photo(2, (300, 200)))
    expect(tab.locator(".stAlert")).to_have_count(1)
    expect(tab.locator(".stAlert")).to_contain_text("Photo 2: ")
    tab.get_by_role("button", name="Photo 3", exact=True).click()
    expect(tab.locator(".facts")).to_contain_text("300 × 200")
    tab.get_by_role("button", name="Denoise all 2").click()
    with tab.expect_download() as download:
        tab.get_by_role("button", name="Download all 2 as ZIP").click()
    names = zipfile.ZipFile(download.value.path()).namelist()
    assert names == ["photo-1-denoised.jpg", "photo-3-denoised.jpg"]


def test_strength_blends_without_sending_pictures_again(photo_server, open_tab):
    tab = open_photo_page(photo_server, open_tab)
    source = tab.locator(".zoom .after img").get_attribute("src")
    tab.locator(".st-key-choose-strength input[type=range]").focus()
    tab.keyboard.press("ArrowLeft")
    expect(tab).to_have_url(re.compile(r"strength=0\.95"))
    expect(tab.locator(".zoom .after img")).to_have_css("opacity", "0.95")
    assert tab.locator(".zoom .after img").get_attribute("src") == source


def test_zoom_by_buttons_and_keys(photo_server, open_tab):
    tab = open_photo_page(photo_server, open_tab)
    upload(tab, photo())
    fitted = zoomed(tab)
    assert fitted < 100
    tab.locator(".zoom .in").click()
    assert zoomed(tab) == pytest.approx(fitted * 1.25, abs=2)
    tab.locator(".zoom .full").click()
    assert zoomed(tab) == 100
    tab.locator(".zoom .stage").focus()
    before = tab.locator(".zoom .after img").evaluate("image => image.style.transform")
    tab.keyboard.press("ArrowRight")
    assert tab.locator(".zoom .after img").evaluate("image => image.style.transform") != before
    tab.keyboard.press("0")
    assert zoomed(tab) == fitted
    for _ in range(20):
        tab.keyboard.press("+")
    assert zoomed(tab) == 800


def test_the_wheel_zooms_where_the_pointer_is_and_a_drag_pans(photo_server, open_tab):
    tab = open_photo_page(photo_server, open_tab)
    upload(tab, photo())
    fitted = zoomed(tab)
    x, y = middle(tab, ".zoom .stage")
    tab.mouse.move(x + 100, y)
    tab.mouse.move(x + 110, y)
    tab.mouse.wheel(0, -500)
    expect(tab.locator(".zoom .full")).not_to_have_text(f"{fitted} %")
    seam = tab.locator(".zoom input").input_value()
    place = "image => new DOMMatrix(image.style.transform).e"
    before = tab.locator(".zoom .after img").evaluate(place)
    press_and_drag(tab, (x + 110, y + 50), -40, 0)
    assert tab.locator(".zoom .after img").evaluate(place) == pytest.approx(before - 40, abs=1)
    assert tab.locator(".zoom input").input_value() == seam


def test_the_seam_moves_by_mouse_and_keys_without_the_server(photo_server, open_tab):
    frames = []
    tab = open_photo_page(photo_server, open_tab, on_frame_sent=frames.append)
    frames.clear()
    box = tab.locator(".zoom .stage").bounding_box()
    tab.mouse.click(box["x"] + box["width"] * 0.2, box["y"] + box["height"] / 2)
    seam = tab.locator(".zoom input")
    assert int(seam.input_value()) in range(18, 23)
    seam.focus()
    tab.keyboard.press("ArrowRight")
    assert re.match(r"(19|2\d) % noisy", seam.get_attribute("aria-valuetext"))
    assert frames == []


def test_a_box_is_what_is_classified(photo_server, open_tab):
    tab = open_photo_page(photo_server, open_tab)
    seen = tab.locator(".seen img").get_attribute("src")
    tab.get_by_role("button", name="Crop to one garment").click()
    expect(tab.locator(".seen img")).not_to_have_attribute("src", seen)
    boxed = tab.locator(".seen img").get_attribute("src")
    press_and_drag(tab, middle(tab, ".zoom i[data-corner='bottom right']"), -120, -90)
    expect(tab.locator(".seen img")).not_to_have_attribute("src", boxed)
    stretched = tab.locator(".seen img").get_attribute("src")
    tab.locator(".zoom .crop").focus()
    tab.keyboard.press("ArrowRight")
    expect(tab.locator(".seen img")).not_to_have_attribute("src", stretched)
    tab.keyboard.press("Escape")
    expect(tab.locator(".zoom .crop")).to_be_hidden()
    expect(tab.locator(".seen img")).to_have_attribute("src", seen)


@pytest.mark.parametrize("size", [TALL, PHONE])
def test_nothing_lies_on_the_corners_of_the_box(photo_server, open_tab, size):
    tab = open_photo_page(photo_server, open_tab, viewport=size)
    stage = tab.locator(".zoom .stage").bounding_box()
    assert tab.locator(".zoom .tools").bounding_box()["y"] >= stage["y"] + stage["height"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_scrolls_sideways_on_a_phone(photo_server, open_tab, scheme):
    tab = open_photo_page(photo_server, open_tab, viewport=PHONE, color_scheme=scheme)
    upload(tab, photo(1), photo(2))
    tab.locator(".zoom .full").click()
    assert tab.evaluate("document.querySelector('.stMain').scrollWidth") <= PHONE["width"]


def test_two_fingers_zoom_and_one_scrolls_the_page(photo_server, open_tab):
    tab = open_photo_page(photo_server, open_tab, viewport=PHONE, has_touch=True, is_mobile=True)
    tab.locator(".zoom .stage").scroll_into_view_if_needed()
    fitted, seam = zoomed(tab), tab.locator(".zoom input").input_value()
    touch = tab.context.new_cdp_session(tab)
    x, y = middle(tab, ".zoom .stage")

    def send(kind, *points):
        places = [
            {"x": x + right, "y": y + down, "id": n} for n, (right, down) in enumerate(points)
        ]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

    scrolled = "document.querySelector('.stMain').scrollTop"
    before = tab.evaluate(scrolled)
    send("touchStart", (-90, 0))
    for step in range(1, 12):
        send("touchMove", (-90, -10 * step))
    send("touchEnd")
    tab.wait_for_function(f"{scrolled} > {before}")
    assert tab.locator(".zoom input").input_value() == seam
    x, y = middle(tab, ".zoom .stage")
    send("touchStart", (-60, -20))
    send("touchStart", (-60, -20), (-20, 20))
    for step in range(1, 6):
        send("touchMove", (-60 - 8 * step, -20 - 8 * step), (-20 + 8 * step, 20 + 8 * step))
    send("touchEnd")
    expect(tab.locator(".zoom .full")).not_to_have_text(f"{fitted} %")
    assert zoomed(tab) > fitted
