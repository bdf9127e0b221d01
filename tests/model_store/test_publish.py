from dataclasses import replace

import pytest

from model_store import ModelError, open_model
from model_store.card import read_card
from model_store.publish import publish


def test_a_published_model_opens(own_store, images):
    source = own_store / "classic"
    card = publish(source, replace(read_card(source), id="twin"), own_store / "twin")
    assert set(card.files) == {path.name for path in source.iterdir()} - {"card.json"}
    assert (open_model("twin")(images).denoised == open_model("classic")(images).denoised).all()


def test_a_model_that_fails_its_check_leaves_the_store_as_it_was(own_store):
    card = read_card(own_store / "classic")
    publish(own_store / "classic", card, own_store / "twin")
    before = {path: path.read_bytes() for path in sorted((own_store / "twin").iterdir())}
    (own_store / "classic" / "denoiser.tflite").write_bytes(b"no model")
    with pytest.raises(ModelError, match="cannot be run"):
        publish(own_store / "classic", card, own_store / "twin")
    assert {path: path.read_bytes() for path in sorted((own_store / "twin").iterdir())} == before
    assert not list(own_store.glob(".*"))


def test_publishing_again_replaces_the_model(own_store):
    card = read_card(own_store / "classic")
    for title in ("First", "Second"):
        publish(own_store / "classic", replace(card, title=title), own_store / "twin")
        assert open_model("twin").card.title == title
    assert not list(own_store.glob(".*"))
