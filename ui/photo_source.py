"""Where photos come from: the visitor's files, the camera, or the examples."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from imaging.photos import MAX_BYTES, MAX_PIXELS, PhotoError
from ui.photo_gallery import read_thumbnail, show_thumbnails

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

EXAMPLES = {  # the first is shown at first
    "photographer": "A photographer in his coat",
    "astronaut": "An astronaut in her suit",
    "coffee": "A cup of coffee",
    "cat": "A cat",
}
_CREDITS = {
    "photographer": "Lav Varshney (CC0), from scikit-image",
    "astronaut": "NASA (public domain), from scikit-image",
    "coffee": "Rachel Michetti (CC0), from scikit-image",
    "cat": "Stefan van der Walt (CC0), from scikit-image",
}
MOST_PHOTOS = 12
_FOLDER = Path(__file__).parent / "examples"
# With a kind of content among the types Streamlit does not judge files by their names: there, a
# wrong name would break every later run of the session. `imaging.photos` judges by the content.
_ACCEPTED = ["image", ".heic", ".heif"]
_EXAMPLES_WIDTH = 276  # four thumbnails in a row
_OF_EXAMPLES = ("example", "add", "add-level")  # in the address; not to befall a visitor's photo


@dataclass(frozen=True)
class Source:
    """A photo as it came, under a name of ours: how visitors call their files is never shown."""

    name: str
    origin: str  # what it is called before it is denoised
    content: bytes
    example: str = ""  # which one; empty for a visitor's photo

    @cached_property
    def digest(self) -> str:
        """The checksum of the content."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def credit(self) -> str:
        """Who took an example, and its licence; nothing for a visitor's photo."""
        if not self.example:
            return ""
        return f"Example: {self.name[:1].lower()}{self.name[1:]}, by {_CREDITS[self.example]}"

    @property
    def slug(self) -> str:
        """The name for files."""
        return self.example or self.name.lower().replace(" ", "-")


def choose_photos() -> tuple[Source, list[Source]]:
    """Show the ways to bring photos; return the one to look at, and all the visitor brought.

    There is always one to look at: an example, as long as nothing else is there.
    """
    with st.container(border=True, key="sources"):
        upload, others = st.columns([2, 3], vertical_alignment="center")
        files = upload.file_uploader(
            "Choose photos",
            type=_ACCEPTED,
            accept_multiple_files=True,
            key="uploads",
            label_visibility="collapsed",
        )
        with others.container(horizontal=True, vertical_alignment="center"):
            label = "Put the camera away" if _camera_is_on() else "Use the camera"
            st.button(label, key="use-camera", on_click=_toggle_camera)
            st.html("<p class='terms'>or an example:</p>", width="content")
            examples = st.container(width=_EXAMPLES_WIDTH)
        if _camera_is_on():
            st.camera_input("Take a photo", key="camera", on_change=_keep_shot, resolution="1080p")
        st.html(_terms())
        photos = _readable(_brought(files))
    _look_at_what_is_new(photos)
    current = _current(photos)
    with examples:
        _show_examples(current)
    if len(photos) > 1 or (photos and current.example):
        show_thumbnails(photos, current.digest, key="photos", on_pick=_pick_photo)
    return current, photos


def _terms() -> str:
    return (
        f"<p class='terms'>JPEG, PNG, WebP, HEIC up to {MAX_BYTES / 2**20:g} MB and "
        f"{MAX_PIXELS / 1e6:g} megapixels. Your photo stays in memory: never written to disk, "
        "never used for training.</p>"
    )


def _camera_is_on() -> bool:
    return bool(st.session_state.get("camera-on"))


def _toggle_camera() -> None:
    st.session_state["camera-on"] = not _camera_is_on()


def _keep_shot() -> None:
    """Keep the shot and put the camera away, for the result to be seen."""
    shot = st.session_state["camera"]
    if shot is not None:
        st.session_state["shot"] = shot.getvalue()
        st.session_state["camera-on"] = False


def _brought(files: list[UploadedFile]) -> list[Source]:
    """Return what the visitor brought, each content once, numbered in its order."""
    if len(files) > MOST_PHOTOS:
        st.warning(f"These are {len(files)} photos. The first {MOST_PHOTOS} are taken.")
    contents = [(file.getvalue(), "as uploaded") for file in files[:MOST_PHOTOS]]
    if "shot" in st.session_state:
        contents.append((st.session_state["shot"], "as taken"))
    sources = [
        Source(f"Photo {number}", origin, content)
        for number, (content, origin) in enumerate(contents, start=1)
    ]
    first: dict[str, Source] = {}
    for source in sources:
        first.setdefault(source.digest, source)
    return list(first.values())


def _readable(sources: list[Source]) -> list[Source]:
    """Return the photos that can be read, and say of each other one why it cannot."""
    readable = []
    for source in sources:
        try:
            read_thumbnail(source)
            readable.append(source)
        except PhotoError as error:
            st.error(f"{source.name}: {error}")
    return readable


def _look_at_what_is_new(photos: list[Source]) -> None:
    digests = [photo.digest for photo in photos]
    new = [digest for digest in digests if digest not in st.session_state.get("known-photos", ())]
    st.session_state["known-photos"] = digests
    if new:
        _pick_photo(new[0])
        for name in _OF_EXAMPLES:
            st.query_params.pop(name, None)


def _current(photos: list[Source]) -> Source:
    """Return the photo that was picked, or else the first, or else an example."""
    by_digest = {photo.digest: photo for photo in photos}
    picked = st.session_state.get("picked-photo")
    if picked in by_digest:
        return by_digest[picked]
    if photos and "example" not in st.query_params:
        return photos[0]
    name = st.query_params.get("example", "")
    return _example(name if name in EXAMPLES else next(iter(EXAMPLES)))


def _example(name: str) -> Source:
    content = (_FOLDER / f"{name}.jpg").read_bytes()
    return Source(EXAMPLES[name], "original", content, example=name)


def _show_examples(current: Source) -> None:
    examples = [_example(name) for name in EXAMPLES]
    show_thumbnails(examples, current.digest, key="example", on_pick=_pick_example)


def _pick_photo(digest: str) -> None:
    st.session_state["picked-photo"] = digest
    st.query_params.pop("example", None)


def _pick_example(digest: str) -> None:
    name = next((name for name in EXAMPLES if _example(name).digest == digest), None)
    if name:
        st.session_state.pop("picked-photo", None)
        st.query_params["example"] = name
