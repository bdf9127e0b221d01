import json
import re
import shutil

import pytest
import streamlit as st

from imaging.noise import NOISE_KINDS
from model_store import list_cards
from training.datasets import CLASSES


def figures(app):
    return [json.loads(element.proto.spec) for element in app.get("plotly_chart")]


def html(app):
    return "\n".join(element.proto.body for element in app.get("html"))


@pytest.mark.parametrize("measure", ["accuracy", "psnr"])
@pytest.mark.parametrize("kind", NOISE_KINDS)
def test_curves_of_every_noise_and_model(open_page, kind, measure):
    app = open_page("accuracy", noise=kind, measure=measure)
    curves = figures(app)[0]["data"]
    names = {curve["name"] for curve in curves}
    assert names == {card.title for card in list_cards("samples")} | {
        "Median 3x3",
        "Bilateral",
        "Not denoised",
    }
    assert all(len(curve["x"]) == len(curve["y"]) >= 5 for curve in curves)


def test_both_confusion_matrices_count_every_test_image(open_page, model_id):
    app = open_page("accuracy", model=model_id)
    for figure in figures(app)[1:3]:
        texts = figure["data"][1]["text"]
        assert len(texts) == len(CLASSES) ** 2
        assert sum(int(text) for text in texts if text) == 10_000


def test_the_commonest_mistake_is_shown_with_ways_to_the_start_page(open_page, model_id):
    app = open_page("accuracy", model=model_id)
    assert "taken for" in html(app)
    assert f"model={model_id}&noise=uniform&level=0.6" in html(app).replace("&amp;", "&")


@pytest.mark.parametrize(("label", "guess"), [("Shirt", "Coat"), ("Bag", "Bag"), ("Hat", "Bag")])
@pytest.mark.parametrize("stage", ["noisy", "denoised"])
def test_a_clicked_cell_is_shown(open_page, monkeypatch, stage, label, guess):
    from ui import mistakes

    point = {"selection": {"points": [{"x": guess, "y": label}]}}
    address = {}
    monkeypatch.setattr(mistakes.st, "session_state", {f"confusion-{stage}": point})
    monkeypatch.setattr(mistakes.st, "query_params", address)
    mistakes.choose_mistake(stage)
    known = label in CLASSES
    expected = f"{stage}-{CLASSES.index(label)}-{CLASSES.index(guess)}" if known else None
    assert address.get("cell") == expected


@pytest.mark.parametrize("cell", ["denoised-6-4", "noisy-6-8", "denoised-1-1", "noisy-1-2"])
def test_every_cell_has_an_address(open_page, cell):
    shown = html(open_page("accuracy", cell=cell))
    stage, label, guess = cell.split("-")
    label, guess = CLASSES[int(label)], CLASSES[int(guess)]
    named = f"<b>{label}</b>" if label == guess else f"<b>{label}, taken for {guess}</b>"
    assert f"{named}, {stage}: " in shown


def test_pictures_are_shown_as_the_classifier_saw_them(open_page, own_store):
    denoised, noisy = (
        re.findall(r"class='mistakes'.*", html(open_page("accuracy", cell=f"{stage}-6-0")))
        for stage in ("denoised", "noisy")
    )
    assert len(denoised) == len(noisy) == 1
    assert denoised != noisy
    (own_store / "fashion" / "denoiser.tflite").write_bytes(b"")
    st.cache_data.clear()
    assert "class='mistakes'" in html(open_page("accuracy", cell="denoised-6-0"))


@pytest.mark.parametrize("cell", ["", "-", "denoised", "clean-1-2", "noisy-1-10", "noisy--1-2"])
def test_garbage_in_place_of_a_cell_shows_the_commonest_mistake(open_page, cell):
    assert "<b>Shirt, taken for T-shirt/top</b>, denoised" in html(open_page("accuracy", cell=cell))


@pytest.mark.parametrize(
    "parameters", [{"noise": "pink"}, {"measure": "x"}, {"model": "../x"}, {"model": ["a", "b"]}]
)
def test_garbage_parameters_fall_back(open_page, parameters):
    assert len(figures(open_page("accuracy", **parameters))) == 5


def test_an_empty_store_is_one_sentence(open_page, own_store):
    shutil.rmtree(own_store)
    app = open_page("accuracy")
    assert len(app.info) == 1
    assert not figures(app)
