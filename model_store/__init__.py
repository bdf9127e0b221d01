"""The model store: cards, checked model folders, and the runtime that serves them."""

from model_store.card import ModelCard, ModelError
from model_store.composite import Composite, Result
from model_store.store import list_cards, open_model

__all__ = ["Composite", "ModelCard", "ModelError", "Result", "list_cards", "open_model"]
