import json
import shutil
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from model_store import ModelError, list_cards, open_model, store
from training.datasets import CLASSES


def test_cards_tell_what_a_visitor_wants_to_know(model_id):
    card = next(card for card in list_cards() if card.id == model_id)
    assert card.title
    assert card.purpose
    assert card.classes == CLASSES
    assert card.data[0].licence.startswith("MIT")
    assert set(card.parameters) == set(card.multiply_adds) == {"denoiser", "classifier"}
    assert min(card.multiply_adds.values()) > 0
    assert card.metrics["denoised_accuracy"] > card.metrics["noisy_accuracy"]


def test_a_model_folder_is_complete(model_id):
    folder = store.MODELS / model_id
    names = {path.name for path in folder.iterdir()}
    for part in ("denoiser", "classifier"):
        names -= {f"{part}.keras", f"{part}.tflite"}
    assert names == {"composite.keras", "composite.weights.h5", "card.json"}


def test_a_model_is_loaded_once_for_all_threads(own_store, monkeypatch, model_id):
    loads = []
    load = store.load_model
    monkeypatch.setattr(store, "load_model", lambda *a: loads.append(a) or load(*a))
    with ThreadPoolExecutor(20) as pool:
        models = list(pool.map(open_model, [model_id] * 20))
    assert len(loads) == 1
    assert len({id(model) for model in models}) == 1


@pytest.mark.parametrize(
    "wrong", ["nothing", "", "../classic", "/etc/passwd", "CLASSIC", "a" * 5000, "classic/", "."]
)
def test_an_unknown_id_is_told_what_there_is(wrong):
    with pytest.raises(ModelError, match=r"no such model.*classic"):
        open_model(wrong)


@pytest.mark.parametrize("name", ["denoiser.tflite", "classifier.tflite"])
def test_any_changed_byte_is_found(own_store, name, model_id):
    path = own_store / model_id / name
    content = bytearray(path.read_bytes())
    for offset in np.random.default_rng(0).integers(len(content), size=25):
        content[offset] ^= 1
        path.write_bytes(content)
        with pytest.raises(ModelError, match=f"damaged: {name}"):
            open_model(model_id)
        content[offset] ^= 1
    path.write_bytes(content)
    assert open_model(model_id).card.id == model_id


@pytest.mark.parametrize("name", ["denoiser.tflite", "classifier.tflite", "card.json"])
@pytest.mark.parametrize("damage", ["missing", "empty", "truncated"])
def test_a_damaged_file_is_one_sentence(own_store, name, damage, model_id):
    path = own_store / model_id / name
    content = path.read_bytes()
    path.unlink()
    if damage != "missing":
        path.write_bytes(content[: len(content) // 2] if damage == "truncated" else b"")
    with pytest.raises(ModelError) as caught:
        open_model(model_id)
    assert str(caught.value).endswith(".")
    assert str(own_store) not in str(caught.value)


@pytest.mark.parametrize(
    "card", [b"", b"{", b"[]", b"{}", b"\xff\xfe", b'{"id": 3}', b"null", b"x" * 3_000_000]
)
def test_a_broken_card_is_left_out_and_the_others_stay(own_store, card):
    shutil.copytree(own_store / "classic", own_store / "broken")
    (own_store / "broken" / "card.json").write_bytes(card)
    assert "broken" not in [card.id for card in list_cards()]
    assert open_model("classic").card.id == "classic"
    with pytest.raises(ModelError, match="card"):
        open_model("broken")


def test_an_empty_or_missing_store(own_store):
    shutil.rmtree(own_store)
    assert list_cards() == []
    with pytest.raises(ModelError, match="none at the moment"):
        open_model("classic")
    own_store.mkdir()
    assert list_cards() == []


def test_strays_and_links_are_ignored(own_store, tmp_path):
    (own_store / "README").write_text("stray")
    (own_store / "linked").symlink_to(tmp_path)
    (own_store / ".new-half").mkdir()
    assert {card.id for card in list_cards()} == {path.name for path in store.MODELS.glob("*/")} - {
        "linked",
        ".new-half",
    }


def test_a_model_of_a_run_is_found_by_its_id(own_store, tmp_path, monkeypatch):
    monkeypatch.setenv("RUNS_DIR", str(tmp_path / "runs"))
    model = tmp_path / "runs" / "my-run" / "model"
    shutil.copytree(own_store / "classic", model)
    card = json.loads((model / "card.json").read_text())
    (model / "card.json").write_text(json.dumps(card | {"id": "my-run"}))
    assert open_model("my-run").card.id == "my-run"


def test_a_repaired_model_is_opened_again(own_store):
    path = own_store / "classic" / "denoiser.tflite"
    content = path.read_bytes()
    path.write_bytes(b"")
    with pytest.raises(ModelError):
        open_model("classic")
    path.write_bytes(content)
    assert open_model("classic")
