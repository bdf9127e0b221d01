"""The ten pictures of a run, cut out of its sheets, and as HTML."""

from __future__ import annotations

import io
from html import escape
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from imaging.pictures import to_data_uri, to_ink, to_png
from training.datasets import CLASSES, load_split

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray


def cut_sheet(path: Path | None) -> list[str]:
    """Return the pictures of a sheet, side by side there, for `src`; none if it cannot be read."""
    try:
        content = path.read_bytes() if path else b""
        sheet = Image.open(io.BytesIO(content)).convert("L")
    except OSError:  # gone meanwhile, or damaged
        return []
    side = sheet.height
    return [
        to_data_uri(to_png(sheet.crop((left, 0, left + side, side))))
        for left in range(0, sheet.width - side + 1, side)
    ]


def to_sources(pictures: NDArray[np.float32]) -> list[str]:
    """Return samples (N, 28, 28, 1) for `src`."""
    return [to_data_uri(to_png(to_ink(np.clip(picture, 0, 1), scale=2))) for picture in pictures]


def one_of_each_class() -> list[int]:
    """Return the first test image of each class, as runs show them."""
    labels = load_split("test").labels
    return [int(np.flatnonzero(labels == label)[0]) for label in range(len(CLASSES))]


def columns(rows: Mapping[str, Sequence[str]]) -> str:
    """Return one column a class, with the picture of each row below that of the one before."""
    figures = []
    for number, name in enumerate(CLASSES):
        pictures = "".join(
            f"<img src='{sources[number]}' alt='{escape(f'{name}, {row}')}'>"
            for row, sources in rows.items()
            if number < len(sources)
        )
        figures.append(f"<figure title='{escape(name)}'>{pictures}</figure>")
    return f"<div class='ten'>{''.join(figures)}</div>"
