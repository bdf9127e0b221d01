import threading
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


def test_readers_meet_whole_models_however_often_one_is_replaced(own_store, images):
    source = own_store / "classic"
    card = read_card(source)
    publish(source, replace(card, id="twin"), own_store / "twin")
    is_over, errors, seen = threading.Event(), [], set()

    def read():
        while not is_over.is_set():
            try:
                seen.add(open_model("twin").card.title)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is one too many
                errors.append(error)
                return

    readers = [threading.Thread(target=read, daemon=True) for _ in range(10)]
    for reader in readers:
        reader.start()
    for number in range(40):
        publish(source, replace(card, id="twin", title=f"Number {number}"), own_store / "twin")
    is_over.set()
    for reader in readers:
        reader.join()
    assert errors == []
    assert len(seen) > 5
    assert not list(own_store.glob(".*"))
