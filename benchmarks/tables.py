"""Tables as the README shows them."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def print_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a Markdown table, each row as soon as it is there."""
    for cells in chain((heads, ["---"] * len(heads)), rows):
        print("| " + " | ".join(cells) + " |", flush=True)


def spread(seconds: Sequence[float]) -> list[str]:
    """Return median, 95th percentile and maximum in milliseconds."""
    figures = (np.median(seconds), np.percentile(seconds, 95), max(seconds))
    return [f"{1000 * figure:.1f}" for figure in figures]
