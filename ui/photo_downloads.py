"""The denoised photos to take home: one as PNG or JPEG, several as a ZIP."""

from __future__ import annotations

import io
import zipfile
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from imaging.photos import PhotoError, encode_jpeg, encode_png
from ui.photo_work import work_on
from ui.turns import READING, take_turn

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from model_store.photo import PhotoComposite
    from ui.photo_source import Source
    from ui.photo_work import Photo, Settings, Tell, Work


def show_downloads(source: Source, work: Work, strength: float) -> None:
    """Show the downloads of one photo at full size; the file is made when it is asked for."""
    kinds: tuple[tuple[str, str, str, Callable[[Photo], bytes]], ...] = (
        ("PNG", "png", "image/png", encode_png),
        ("JPEG", "jpg", "image/jpeg", encode_jpeg),
    )
    for label, ending, mime, encode in kinds:
        st.download_button(
            f"Download {label}",
            partial(_encode, work, strength, encode),
            f"{source.slug}-denoised.{ending}",
            mime,
            key=f"download-{ending}",
            on_click="ignore",
            type="tertiary",
        )


def _encode(work: Work, strength: float, encode: Callable[[Photo], bytes]) -> bytes:
    with take_turn(READING):
        return encode(work.blend(strength))


def show_zip(
    photos: Sequence[Source], model: PhotoComposite, settings: Settings, strength: float
) -> None:
    """Offer several photos at once: a button that denoises them, and then the ZIP."""
    if len(photos) < 2:
        st.session_state.pop("zip", None)
        return
    wanted = (*(photo.digest for photo in photos), settings, strength)
    made, archive = st.session_state.get("zip", (None, b""))
    spot = st.empty()
    if made != wanted:
        st.session_state.pop("zip", None)
        if not spot.button(f"Denoise all {len(photos)} for a ZIP", key="all", type="tertiary"):
            return
        bar = spot.progress(0.0)
        archive, problems = to_zip(photos, model, settings, strength, bar.progress)
        for problem in problems:
            st.error(problem)
        st.session_state["zip"] = wanted, archive
    spot.download_button(
        f"Download all {len(photos)} as ZIP",
        archive,
        "photos-denoised.zip",
        "application/zip",
        key="download-zip",
        on_click="ignore",
        type="tertiary",
    )


def to_zip(
    photos: Sequence[Source],
    model: PhotoComposite,
    settings: Settings,
    strength: float,
    tell: Tell,
) -> tuple[bytes, list[str]]:
    """Return the denoised photos as JPEG in one file, and what went wrong with which."""
    archive, problems = io.BytesIO(), []
    with zipfile.ZipFile(archive, "w") as files:
        for number, photo in enumerate(photos):

            def tell_of_all(share: float, text: str, number: int = number) -> None:
                tell((number + share) / len(photos), f"{number + 1} of {len(photos)}: {text}")

            try:
                work = work_on(photo, model, settings, tell_of_all, keep=False)
                files.writestr(f"{photo.slug}-denoised.jpg", _encode(work, strength, encode_jpeg))
            except PhotoError as error:
                problems.append(f"{photo.name}: {error}")
    return archive.getvalue(), problems
