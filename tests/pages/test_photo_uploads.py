import hashlib
import io
import zipfile

import pytest
from PIL import Image

from imaging.photos import MAX_BYTES
from tests.pages.photo_page import file, html, thumbnails, upload, zoom
from ui.photo_source import EXAMPLES, MOST_PHOTOS

pytestmark = pytest.mark.usefixtures("stand_in_model")


def test_an_upload_is_shown_without_noise_of_ours(open_page):
    app = upload(open_page("photo", example="cat", add="speckle"), file())
    words, (before, _) = zoom(app)
    assert (words["name"], words["before"]) == ("Photo 1", "as uploaded")
    assert before.size == (90, 80)
    assert "90 × 80" in html(app)
    assert "example" not in app.query_params
    assert "add" not in app.query_params


def test_a_photo_with_hardly_any_noise_comes_back_untouched(open_page):
    app = upload(open_page("photo"), file(noise=0, kind="PNG"))
    _, (before, after) = zoom(app)
    assert before.tobytes() == after.tobytes()
    assert "comes back as it was" in html(app)


def test_several_photos_each_wait_for_being_looked_at(open_page, stand_in_model, monkeypatch):
    denoised = []
    whole = type(stand_in_model).denoise
    monkeypatch.setattr(
        type(stand_in_model),
        "denoise",
        lambda self, images, **rest: denoised.append(1) or whole(self, images, **rest),
    )
    app = upload(open_page("photo"), file(1), file(2), file(3), file(1))
    names = [picture["name"] for picture in thumbnails(app, "Your photos")]
    assert names == ["Photo 1", "Photo 2", "Photo 3"]
    assert len(denoised) == 2  # the example and the first
    digest = thumbnails(app, "Your photos")[2]["id"]
    app.session_state["picked-photo"] = digest
    app.run()
    assert zoom(app)[0]["name"] == "Photo 3"
    assert len(denoised) == 3
    app.slider(key="choose-strength").set_value(0.5).run()
    assert len(denoised) == 3


def test_a_photo_that_is_added_is_looked_at_and_one_that_is_removed_is_forgotten(open_page):
    app = upload(open_page("photo"), file(1), file(2))
    upload(app, file(1), file(2), file(3))
    assert zoom(app)[0]["name"] == "Photo 3"
    upload(app, file(2))
    assert zoom(app)[0]["photo"] == hashlib.sha256(file(2)).hexdigest()
    assert len({key[0] for key in app.session_state["works"]}) == 1
    upload(app)
    assert zoom(app)[0]["name"] in EXAMPLES.values()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "empty or not a picture"),
        (b"GARBAGE" * 99, "empty or not a picture"),
        (b"GIF89a" + bytes(30), "GIF files are not taken"),
        (file()[:900], "damaged or cut off"),
        (bytes(MAX_BYTES + 1), "the limit is 15 MB"),
    ],
    ids=["empty", "garbage", "gif", "truncated", "large"],
)
def test_a_bad_file_is_one_sentence_and_the_others_go_on(open_page, content, sentence):
    app = upload(open_page("photo"), content, file(5))
    assert len(app.error) == 1
    assert app.error[0].value.startswith("Photo 1: ")
    assert sentence in app.error[0].value
    assert zoom(app)[0]["name"] == "Photo 2"


def test_a_bad_file_alone_leaves_the_example(open_page):
    app = upload(open_page("photo"), b"nothing")
    assert len(app.error) == 1
    assert zoom(app)[0]["name"] in EXAMPLES.values()


def test_what_visitors_call_their_files_is_never_shown(open_page):
    name = "<img src=x onerror=alert(1)>[a](b).jpg"
    app = open_page("photo")
    app.file_uploader[0].set_value(
        [(name, file(), "image/jpeg"), (name, b"bad", "text/html")]
    ).run()
    assert not app.exception
    shown = html(app) + str([element.value for element in app.error]) + str(zoom(app)[0])
    assert "onerror" not in shown
    assert "[a]" not in shown


@pytest.mark.parametrize("size", [(1, 1), (1, 2), (1, 3000), (3000, 3)])
def test_photos_of_odd_shapes(open_page, size):
    words, (before, _) = zoom(upload(open_page("photo"), file(size=size, kind="PNG")))
    assert tuple(words["size"]) == before.size == size


def test_too_many_photos(open_page):
    app = upload(open_page("photo"), *(file(n, size=(9, 9)) for n in range(MOST_PHOTOS + 2)))
    assert len(app.warning) == 1
    assert len(thumbnails(app, "Your photos")) == MOST_PHOTOS


def test_the_camera_is_asked_for_only_on_a_click(open_page):
    app = open_page("photo")
    app.button(key="use-camera").click().run()
    assert len(app.get("camera_input")) == 1
    app.button(key="use-camera").click().run()
    assert not app.get("camera_input")


def test_a_shot_is_a_photo_and_the_camera_is_put_away(open_page):
    app = open_page("photo")
    app.button(key="use-camera").click().run()
    app.camera_input[0].set_value(("shot.jpg", file(7), "image/jpeg")).run()
    assert not app.exception
    assert zoom(app)[0]["before"] == "as taken"
    assert not app.get("camera_input")


def test_all_photos_as_a_zip(open_page):
    app = upload(open_page("photo"), file(1), b"bad", file(2))
    app.button(key="all").click().run()
    assert not app.exception
    (_, archive) = app.session_state["zip"]
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        assert files.namelist() == ["photo-1-denoised.jpg", "photo-3-denoised.jpg"]
        assert Image.open(io.BytesIO(files.read("photo-1-denoised.jpg"))).size == (90, 80)
    assert len(app.get("download_button")) == 3
    app.slider(key="choose-strength").set_value(0.5).run()
    assert len(app.get("download_button")) == 2


def test_leaving_the_page_gives_its_memory_back(open_page):
    app = upload(open_page("photo"), file(1), file(2))
    app.switch_page("../pages/pipeline.py").run()
    assert "works" not in app.session_state
    assert "thumbnails" not in app.session_state
