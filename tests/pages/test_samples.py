import io
import json
import re
import shutil

import pytest
from PIL import Image

from imaging.noise import NOISE_KINDS
from model_store import list_cards, open_model
from training.datasets import CLASSES
from ui import photo_model
from ui.picker import DEFAULT_PICK
from ui.sample_view import to_csv, to_strip_png, view_sample


def html(app):
    return "\n".join(element.proto.body for element in app.get("html"))


def components(app):
    return [
        json.loads(element.proto.json)
        for element in app.get("bidi_component")
        if element.proto.json
    ]


def comparison(app):
    return next(data for data in components(app) if "before" in data)


def picked(app):
    gallery = next(data for data in components(app) if "pictures" in data)
    return [picture["id"] for picture in gallery["pictures"] if picture["picked"]]


def test_the_first_paint_is_a_finished_example(open_page):
    app = open_page()
    assert not app.warning
    assert not app.error
    data = comparison(app)
    assert (data["before"]["label"], data["after"]["label"]) == ("noisy", "denoised")
    assert data["before"]["src"] != data["after"]["src"]
    shown = html(app)
    assert re.search(r"Noisy: .*→ denoised: ", shown)
    for name in CLASSES:
        assert shown.count(f"<th scope='row'>{name}</th>") == 1
    assert shown.count("class='share'") == 30
    assert "PSNR" in shown
    assert "SSIM" in shown
    assert f"alt='Test image {DEFAULT_PICK[0]}, " in shown


@pytest.mark.parametrize("kind", NOISE_KINDS)
@pytest.mark.parametrize("level", ["0.0", "0.3", "1.0"])
def test_every_noise_and_model(open_page, kind, level, model_id):
    app = open_page(noise=kind, level=level, model=model_id)
    assert app.slider(key="choose-level").value == float(level)
    assert app.session_state["choose-noise"] == kind
    assert app.session_state["choose-model"] == model_id
    data = comparison(app)
    assert "nan" not in html(app)
    if level == "0.0":
        assert "∞" in html(app)
    assert data["before"]["src"].startswith("data:image/png;base64,")


def test_the_same_link_shows_the_same_picture_bit_for_bit(open_page):
    link = {"pick": "7", "noise": "speckle", "level": "0.45", "seed": "12"}
    first, second = (comparison(open_page(**link)) for _ in range(2))
    assert first == second
    other = comparison(open_page(**{**link, "seed": "13"}))
    assert other["before"]["src"] != first["before"]["src"]


def test_moving_the_level_changes_the_picture(open_page):
    app = open_page()
    before = comparison(app)
    app.slider(key="choose-level").set_value(0.2).run()
    assert comparison(app)["before"]["src"] != before["before"]["src"]


def test_every_model_at_once_is_a_row_each(open_page):
    app = open_page(model="all")
    for card in list_cards("samples"):
        assert f"<p class='by'>{card.title}</p>" in html(app)


@pytest.mark.usefixtures("stand_in_model")
def test_a_photo_of_their_own_is_one_click_away(open_page):
    links = [link.proto for link in open_page().get("page_link")]
    assert [link.page for link in links if "your own photo" in link.label] == ["your-photo"]


def test_without_a_model_for_photos_nothing_leads_to_them(open_page, monkeypatch):
    monkeypatch.setattr(photo_model, "list_cards", lambda domain: [])
    labels = [link.proto.label for link in open_page().get("page_link")]
    assert labels
    assert not any("photo" in label for label in labels)


def test_several_pictures_are_rows(open_page):
    app = open_page(pick="3,1,2")
    assert html(app).count("class='sample-row'") == 3
    assert picked(app) == [1, 2, 3]


@pytest.mark.parametrize(
    "pick",
    ["", ",", "-1", "10000", "1e3", "nan", "999999999999", "../x", "٣", "<script>", "9" * 5000],
)
def test_garbage_picks_show_the_example(open_page, pick):
    app = open_page(pick=pick)
    assert not app.error
    assert comparison(app) == comparison(open_page())


def test_too_many_and_repeated_picks(open_page):
    assert html(open_page(pick="5,5,5,6")).count("class='sample-row'") == 2
    many = ",".join(map(str, range(500)))
    assert html(open_page(pick=many)).count("class='sample-row'") == 6
    assert not open_page(pick=["1", "2"]).error


@pytest.mark.parametrize(
    "parameters",
    [
        {"noise": "pink"},
        {"noise": ["uniform", "gaussian"]},
        {"level": "1e309"},
        {"level": "nan"},
        {"level": "-1"},
        {"level": "7"},
        {"level": ["0.1", "0.2"]},
        {"seed": "-5"},
        {"seed": "99999999999999999999"},
        {"model": "../../etc/passwd"},
        {"model": "nothing"},
        {"class": "Hat"},
        {"page": "0"},
        {"page": "99999"},
        {"several": "maybe"},
        {"unknown": "x" * 5000},
    ],
    ids=str,
)
def test_garbage_parameters_fall_back(open_page, parameters):
    app = open_page(**parameters)
    assert not app.error
    assert comparison(app)


def test_values_past_the_widgets_limits_are_clamped(open_page):
    app = open_page()
    app.slider(key="choose-level").set_value(1e9)
    app.number_input(key="choose-seed").set_value(-7)
    app.run()
    assert not app.exception
    assert comparison(app)


@pytest.mark.parametrize("name", CLASSES)
def test_the_gallery_shows_one_class(open_page, name):
    app = open_page(**{"class": name})
    gallery = next(data for data in components(app) if "pictures" in data)
    assert len(gallery["pictures"]) == 28
    assert all(picture["name"].startswith(f"{name}, ") for picture in gallery["pictures"])


def test_a_page_past_the_end_of_a_filtered_class(open_page):
    app = open_page(page="300")
    app.selectbox(key="class").set_value("Bag").run()
    assert not app.exception
    gallery = next(data for data in components(app) if "pictures" in data)
    assert gallery["pictures"]


def test_a_surprise_is_another_picture(open_page):
    app = open_page()
    app.button[0].click().run()
    assert not app.exception
    assert app.query_params["pick"] != [str(DEFAULT_PICK[0])]


def test_a_damaged_model_is_one_sentence_and_the_page_goes_on(open_page, own_store):
    card = (own_store / "classic" / "card.json").read_text()
    shutil.copytree(own_store / "classic", own_store / "aaa")
    (own_store / "aaa" / "card.json").write_text(card.replace('"classic"', '"aaa"', 1))
    (own_store / "aaa" / "denoiser.tflite").write_bytes(b"")
    app = open_page(model="aaa")
    assert len(app.warning) == 1
    assert "damaged: denoiser.tflite" in app.warning[0].value
    assert comparison(app)


def test_a_broken_card_is_not_offered(open_page, own_store):
    shutil.copytree(own_store / "classic", own_store / "aaa")
    (own_store / "aaa" / "card.json").write_text("{")
    app = open_page(model="aaa")
    assert not app.warning
    assert comparison(app)


def test_an_empty_store_is_one_sentence(open_page, own_store):
    shutil.rmtree(own_store)
    app = open_page()
    assert [error.value for error in app.error] == [
        "The store holds no model that works. Restore model_store/models and reload."
    ]
    assert picked(app) == DEFAULT_PICK


def test_downloads(open_page):
    assert len(open_page().get("download_button")) == 2
    views = [
        view_sample(open_model("classic"), n, kind="uniform", level=0.6, seed=0) for n in (0, 1)
    ]
    image = Image.open(io.BytesIO(to_strip_png(views)))
    assert image.format == "PNG"
    assert image.width > 3 * 280
    assert image.height > 2 * 280
    lines = to_csv(views).splitlines()
    assert len(lines) == 1 + 2 * 3
    assert lines[1].startswith("0,Ankle boot,The original,clean,")
    assert sum(map(float, lines[1].split(",")[4:])) == pytest.approx(1, abs=1e-4)
