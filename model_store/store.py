"""The store: finds models, checks them, opens each once per process."""

from __future__ import annotations

import logging
import os
import re
import threading
from collections import OrderedDict
from pathlib import Path

from model_store.card import ModelCard, ModelError, read_card
from model_store.composite import Composite
from model_store.files import sha256
from model_store.photo import PhotoComposite
from model_store.runtime import Network

MODELS = Path(__file__).parent / "models"
_MOST_OPEN = 8  # models kept in memory; the one unused for longest goes first
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")

_log = logging.getLogger(__name__)
_open_models: OrderedDict[Path, Composite] = OrderedDict()
_lock = threading.Lock()


def runs_folder() -> Path:
    """Return where runs are kept: `RUNS_DIR`, or `runs` beside the packages."""
    return Path(os.environ.get("RUNS_DIR") or MODELS.parent.parent / "runs")


def list_cards() -> list[ModelCard]:
    """Return the cards of the shipped models, by id; broken ones are left out and logged."""
    cards = []
    folders = sorted(MODELS.iterdir()) if MODELS.is_dir() else []
    for folder in folders:
        if not _ID.fullmatch(folder.name) or folder.is_symlink():
            continue
        try:
            card = read_card(folder)
            if card.id != folder.name:
                raise ModelError(f"The card of the model {folder.name!r} is that of {card.id!r}.")
            cards.append(card)
        except ModelError as error:
            _log.warning("%s", error)
    return cards


def open_model(model_id: str) -> Composite:
    """Return a shipped model, or that of a run, by its id; loaded once per process.

    Raises:
        ModelError: when there is no such model, or it is damaged.
    """
    folder = _find(model_id)
    card = read_card(folder)
    with _lock:  # one load, however many ask at once; a failed one is tried again next time
        model = _open_models.get(folder)
        if model is None or model.card != card:
            model = load_model(folder, card)
        _open_models[folder] = model
        _open_models.move_to_end(folder)
        while len(_open_models) > _MOST_OPEN:
            _open_models.popitem(last=False)
    return model


def load_model(folder: Path, card: ModelCard) -> Composite:
    """Return the model of a folder, its files checked against the card.

    Raises:
        ModelError: when a file is missing or damaged.
    """
    networks = []
    for part in ("denoiser", "classifier"):
        name = f"{part}.tflite"
        _check_file(folder, card, name)
        try:
            networks.append(Network((folder / name).read_bytes()))
        except (OSError, ValueError, RuntimeError):
            raise ModelError(f"The model {card.id!r} is damaged: {name} cannot be run.") from None
    kind = PhotoComposite if card.domain == "photos" else Composite
    return kind(card, *networks)


def _find(model_id: str) -> Path:
    """Return the folder of a model by looking its id up, never by trusting it as a path."""
    if _ID.fullmatch(model_id):
        for folder in (MODELS / model_id, runs_folder() / model_id / "model"):
            if folder.is_dir() and not folder.is_symlink():
                return folder
    known = ", ".join(card.id for card in list_cards()) or "none at the moment"
    raise ModelError(f"There is no such model in the store. To choose from: {known}.")


def _check_file(folder: Path, card: ModelCard, name: str) -> None:
    expected = card.files.get(name)
    try:
        is_whole = expected is not None and sha256(folder / name) == expected.sha256
    except OSError:
        is_whole = False
    if not is_whole:
        raise ModelError(f"The model {card.id!r} is damaged: {name} is not what its card says.")
