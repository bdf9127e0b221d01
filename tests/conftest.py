from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import numpy as np
import pytest

from model_store import list_cards, store

if TYPE_CHECKING:
    from pathlib import Path

SHIPPED = tuple(card.id for card in list_cards("samples"))


@pytest.fixture(params=SHIPPED)
def model_id(request) -> str:
    """Every shipped model for samples in turn."""
    return request.param


@pytest.fixture
def images():
    """A few noisy pictures, the same in every run."""
    return np.random.default_rng(0).random((3, 28, 28, 1), dtype=np.float32)


@pytest.fixture
def own_store(tmp_path, monkeypatch) -> Path:
    """A copy of the store that a test may damage."""
    folder = tmp_path / "models"
    shutil.copytree(store.MODELS, folder)
    monkeypatch.setattr(store, "MODELS", folder)
    return folder
