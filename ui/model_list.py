"""The models there are to show: the shipped ones, and those of the visitor's runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from model_store import ModelError, list_cards
from model_store.card import read_card
from model_store.store import runs_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from model_store import ModelCard
    from training.runs.jobs import RunSnapshot


@dataclass(frozen=True)
class Entry:
    """A model with what its card does not hold."""

    card: ModelCard
    is_run: bool
    changes: Mapping[str, str]  # in its recipe

    def figure(self, name: str) -> float | None:
        """Return a figure of the card; None where it was not measured."""
        value = self.card.metrics.get(name)
        return float(value) if isinstance(value, int | float) else None

    @property
    def bytes(self) -> int:
        """The size of the networks that the app runs."""
        files = self.card.files.items()
        return sum(file.bytes for name, file in files if name.endswith(".tflite"))

    @property
    def command(self) -> str:
        """What trains the same in a terminal."""
        turned = "".join(f" --set {key}={text}" for key, text in self.changes.items())
        return f"python -m training run runs/NAME --recipe {self.card.recipe}{turned}"


ORDERS: Mapping[str, tuple[str, Callable[[Entry], float]]] = {
    "accuracy": ("Accuracy", lambda entry: -(entry.figure("denoised_accuracy") or 0)),
    "psnr": ("PSNR", lambda entry: -(entry.figure("denoised_psnr") or 0)),
    "size": ("Size", lambda entry: entry.bytes),
    "work": ("Multiply-adds", lambda entry: sum(entry.card.multiply_adds.values())),
}


def list_models(runs: Sequence[RunSnapshot]) -> list[Entry]:
    """Return the shipped models, then those of the runs; broken ones are left out.

    So is a run named like a shipped model, for its id opens that one.
    """
    entries = [Entry(card, is_run=False, changes={}) for card in list_cards()]
    shipped = {entry.card.id for entry in entries}
    for seen in runs:
        if seen.has_model and seen.id not in shipped:
            try:
                card = read_card(runs_folder() / seen.id / "model")
            except ModelError:
                continue
            entries.append(Entry(card, is_run=True, changes=seen.changes))
    return entries
