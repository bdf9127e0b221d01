"""The store: finds models, checks them, opens each once per process."""

from __future__ import annotations

import hashlib
import logging
import os
import re
import threading
from collections import OrderedDict
from pathlib import Path

from model_store.card import Domain, ModelCard, ModelError, read_card
from model_store.composite import Composite
from model_store.photo import PhotoComposite
from model_store.runtime import AnyNetwork, LargeNetwork, Network

MODELS = Path(__file__).parent / "models"
_MOST_TRIES = 5  # at a model that is replaced while it is read
_MOST_OPEN = 8  # models kept in memory; the one unused for longest goes first
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")

_log = logging.getLogger(__name__)
_open_models: OrderedDict[Path, Composite] = OrderedDict()
_lock = threading.Lock()


def runs_folder() -> Path:
    """Return where runs are kept: `RUNS_DIR`, or `runs` beside the packages."""
    return Path(os.environ.get("RUNS_DIR") or MODELS.parent.parent / "runs")


def is_id(text: str) -> bool:
    """Whether a text can be the id of a model, and so the name of its folder."""
    return _ID.fullmatch(text) is not None


def list_cards(domain: Domain | None = None) -> list[ModelCard]:
    """Return the cards of the shipped models, by id; broken ones are left out and logged.

    With a domain, only those for such pictures.
    """
    cards = []
    folders = sorted(MODELS.iterdir()) if MODELS.is_dir() else []
    for folder in folders:
        if not is_id(folder.name) or folder.is_symlink():
            continue
        try:
            card = read_card(folder)
            if card.id != folder.name:
                raise ModelError(f"The card of the model {folder.name!r} is that of {card.id!r}.")
            if domain in {None, card.domain}:
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
    for _ in range(_MOST_TRIES):
        card = read_card(folder)
        try:
            return _open(folder, card)
        except ModelError:
            if read_card(folder) == card:
                raise  # damaged, and not merely replaced between the card and the files
    raise ModelError(f"The model {model_id!r} is being replaced again and again: try later.")


def _open(folder: Path, card: ModelCard) -> Composite:
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
        content = _read_checked(folder, card, name)
        try:
            networks.append(open_network(card, part, content))
        except (ValueError, RuntimeError):
            raise ModelError(f"The model {card.id!r} is damaged: {name} cannot be run.") from None
    return compose(card, *networks)


def open_network(card: ModelCard, part: str, content: bytes) -> AnyNetwork:
    """Return a part of a model, given as the bytes of its `.tflite` file.

    Raises:
        ValueError: when the bytes are no LiteRT model.
        RuntimeError: when it cannot be run.
    """
    is_large = card.domain == "photos" and part == "denoiser"
    return LargeNetwork(content) if is_large else Network(content)


def compose(card: ModelCard, denoiser: AnyNetwork, classifier: AnyNetwork) -> Composite:
    """Return the composite of two networks, of the kind that its pictures need."""
    kind = PhotoComposite if card.domain == "photos" else Composite
    return kind(card, denoiser, classifier)


def _find(model_id: str) -> Path:
    """Return the folder of a model by looking its id up, never by trusting it as a path."""
    if is_id(model_id):
        for folder in (MODELS / model_id, runs_folder() / model_id / "model"):
            if folder.is_dir() and not folder.is_symlink():
                return folder
    known = ", ".join(card.id for card in list_cards()) or "none at the moment"
    raise ModelError(f"There is no such model in the store. To choose from: {known}.")


def _read_checked(folder: Path, card: ModelCard, name: str) -> bytes:
    """Return the content of a file, which is what was checked: it may be replaced meanwhile."""
    expected = card.files.get(name)
    try:
        content = (folder / name).read_bytes()
    except OSError:
        content = b""
    if expected is None or hashlib.sha256(content).hexdigest() != expected.sha256:
        raise ModelError(f"The model {card.id!r} is damaged: {name} is not what its card says.")
    return content
