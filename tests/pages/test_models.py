import re
import shutil
from dataclasses import replace

import pytest

from model_store import list_cards
from tests.run_folders import make_run


def html(app):
    return "\n".join(element.proto.body for element in app.get("html"))


def titles(app):
    return re.findall(r"<tr><th scope='row'>([^<]+)", html(app))


def links(app):
    return [(e.proto.label, e.proto.query_string) for e in app.get("page_link")]


def test_every_shipped_model_has_a_card(open_page):
    app = open_page("models")
    shown = html(app)
    for card in list_cards():
        assert f"<h3>{card.title}</h3>" in shown
        assert card.purpose in shown
        assert f"--recipe {card.recipe}" in shown
        its_page = f"model={card.id}" if card.domain == "samples" else ""
        assert ("Use it", its_page) in links(app)
    assert "MIT, Zalando SE" in shown
    assert "10,000 test images under uniform noise 0.6, the mean of 5 draws" in shown


@pytest.mark.parametrize(
    ("order", "first"),
    [("accuracy", "Fashion"), ("psnr", "Photo"), ("size", "The original"), ("x", "Fashion")],
)
def test_the_table_is_sorted(open_page, order, first):
    assert titles(open_page("models", sort=order))[0] == first


def test_the_visitors_own_runs_are_there(open_page):
    make_run("quick-1", changes={"images": "9000"})
    make_run("quick-2", state="stopped")
    app = open_page("models")
    assert html(app).count("<article") == len(list_cards()) + 1
    assert "--recipe classic --set images=9000" in html(app)
    assert ("Its training", "run=quick-1") in links(app)


@pytest.mark.parametrize("name", ["classic", "photo"])
def test_a_run_named_like_a_shipped_model_does_not_stand_beside_it(open_page, name):
    make_run(name)
    assert html(open_page("models")).count("<article") == len(list_cards())


def test_somebody_elses_runs_are_not(open_page, monkeypatch):
    monkeypatch.setenv("HOSTED", "on")
    make_run("quick-1", owner="x" * 22)
    assert html(open_page("models")).count("<article") == len(list_cards())
    assert html(open_page("models", me="x" * 22)).count("<article") == len(list_cards()) + 1


def test_a_broken_card_is_left_out(open_page, runs):
    make_run("quick-1")
    (runs / "quick-1" / "model" / "card.json").write_text("{")
    assert html(open_page("models")).count("<article") == len(list_cards())


def test_an_empty_store_is_one_sentence(open_page, own_store):
    shutil.rmtree(own_store)
    app = open_page("models")
    assert len(app.info) == 1


def test_a_model_for_photos_has_a_card_too(open_page, stand_in_model, monkeypatch):
    from ui import model_list

    monkeypatch.setattr(model_list, "list_cards", lambda: [stand_in_model.card])
    metrics = {
        "protocol": {
            "kind": "gaussian",
            "level": 0.196,
            "seeds": 1,
            "images": 341,
            "pictures": "photos of clothes",
        },
        "told_as_none": {"denoised": 0.9},
        "lost_to_none": {"denoised": 0.03},
    }
    monkeypatch.setattr(
        model_list, "list_cards", lambda: [replace(stand_in_model.card, metrics=metrics)]
    )
    app = open_page("models")
    shown = html(app).replace("\N{NO-BREAK SPACE}", " ")
    assert stand_in_model.card.title in shown
    assert "341 photos of clothes under Gaussian noise 0.196, one draw" in shown
    assert "<b>90.0 %</b> are told as such; 3.0 % of garments too" in shown
    assert [e.proto.page for e in app.get("page_link") if e.proto.label == "Use it"] == [
        "your-photo"
    ]
