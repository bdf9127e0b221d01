"""Publishing: a model enters the store whole, or not at all."""

from __future__ import annotations

import shutil
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec

from model_store.card import CARD_FILE, ModelCard, ModelFile, read_card
from model_store.files import replace_folder, sha256, sync, write_json
from model_store.store import load_model

if TYPE_CHECKING:
    from pathlib import Path


def publish(source: Path, card: ModelCard, destination: Path) -> ModelCard:
    """Copy the model files of `source` to `destination` and return the card with their checksums.

    The folder is made beside its place, the card written last, the whole checked by loading it,
    and then renamed. A model that is there already changes places with it at one stroke.

    Raises:
        ModelError: when the copy does not pass its own check; the store is then as before.
    """
    destination.parent.mkdir(parents=True, exist_ok=True)
    new = destination.parent / f".new-{uuid.uuid4().hex}"
    try:
        shutil.copytree(source, new, ignore=shutil.ignore_patterns(CARD_FILE, ".*"))
        files = {path.name: _describe(path) for path in sorted(new.iterdir())}
        card = replace(card, files=files)
        write_json(new / CARD_FILE, msgspec.to_builtins(card))
        load_model(new, read_card(new))
        sync(new)
        if destination.exists():
            replace_folder(new, destination)
        else:
            new.rename(destination)
        sync(destination.parent)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return card


def _describe(path: Path) -> ModelFile:
    sync(path)
    return ModelFile(bytes=path.stat().st_size, sha256=sha256(path))
