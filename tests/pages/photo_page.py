"""What tests of the photo page do to it and read from it."""

import io
import json
import struct

import numpy as np
from PIL import Image


def file(number=0, size=(90, 80), kind="JPEG", noise=30):
    """Return a picture of its own for each number, as the bytes of a file."""
    rng = np.random.default_rng(number)
    pixels = (
        120 + rng.normal(0, noise, (size[1], size[0], 3))
        if noise
        else np.full((*size[::-1], 3), 120)
    )
    content = io.BytesIO()
    Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(content, kind)
    return content.getvalue()


def upload(app, *contents):
    app.file_uploader[0].set_value(
        [(f"file{n}.jpg", content, "image/jpeg") for n, content in enumerate(contents)]
    )
    app.run()
    assert not app.exception
    return app


def html(app):
    return "\n".join(element.proto.body for element in app.get("html"))


def zoom(app):
    """Return what the slider was given: what is said of the pictures, and the pictures."""
    content = next(e.proto.bytes for e in app.get("bidi_component") if e.proto.bytes)
    end = 4 + struct.unpack_from("<I", content)[0]
    length = struct.unpack_from("<I", content, end)[0]
    files = content[end + 4 : end + 4 + length], content[end + 4 + length :]
    return json.loads(content[4:end]), [Image.open(io.BytesIO(file)) for file in files]


def brightness(image):
    return float(np.asarray(image).mean())


def thumbnails(app, label):
    components = (json.loads(e.proto.json) for e in app.get("bidi_component") if e.proto.json)
    return next((data["pictures"] for data in components if data.get("label") == label), [])
