"""The model for photos, where it is installed."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, cast

from model_store import ModelError, list_cards, open_model

if TYPE_CHECKING:
    from model_store.photo import PhotoComposite

_log = logging.getLogger(__name__)


def has_photo_model() -> bool:
    """Return whether the store holds a model for photos; without one there is no page for them."""
    return bool(list_cards("photos"))


def open_photo_model() -> PhotoComposite | None:
    """Return the model for photos, or None, with a line in the log, where there is none."""
    try:
        return cast("PhotoComposite", open_model("photo"))
    except ModelError as error:
        _log.warning("%s", error)
        return None
