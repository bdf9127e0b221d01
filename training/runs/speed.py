"""How fast this machine trains, as measured on it: `speed.json` beside the runs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec

from model_store.files import write_json
from model_store.store import runs_folder

if TYPE_CHECKING:
    from pathlib import Path


class StageSpeed(msgspec.Struct, frozen=True):
    """One stage of a recipe as it stands."""

    seconds: float  # a step
    work: float  # what the step computes, in multiply-adds


class RecipeSpeed(msgspec.Struct, frozen=True):
    """A recipe without changes."""

    stages: dict[str, StageSpeed]
    finishing: float  # seconds for export, measuring and publishing


def read_speeds(store: Path | None = None) -> dict[str, RecipeSpeed]:
    """Return what was measured, by recipe; what is damaged counts as not measured."""
    try:
        found: Any = json.loads(((store or runs_folder()) / "speed.json").read_text())
        return msgspec.convert(found, dict[str, RecipeSpeed])
    except (OSError, ValueError):
        return {}


def write_speed(store: Path, recipe: str, speed: RecipeSpeed) -> None:
    """Keep what was measured of one recipe."""
    known = {**read_speeds(store), recipe: speed}
    write_json(store / "speed.json", msgspec.to_builtins(known))


def keep_finishing(store: Path, recipe: str, seconds: float) -> None:
    """Correct what a recipe takes after its last stage by what it did take."""
    known = read_speeds(store).get(recipe)
    if known:
        write_speed(store, recipe, RecipeSpeed(known.stages, round(seconds, 1)))
