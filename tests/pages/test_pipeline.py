import shutil

import pytest

from imaging.noise import NOISE_KINDS


def html(app):
    return "\n".join(element.proto.body for element in app.get("html"))


@pytest.mark.parametrize("kind", NOISE_KINDS)
def test_every_step_is_there(open_page, kind, model_id):
    shown = html(open_page("pipeline", noise=kind, model=model_id, pick="4"))
    for number, title in enumerate(
        ("The data", "The noise", "The classifier", "The denoiser", "The composite"), start=1
    ):
        assert f"<h2><span>{number}</span> {title}</h2>" in shown
    assert "alt='Test image 4, Shirt, taken off'" in shown
    assert "→ denoised:" in shown


def test_picture_and_noise_are_chosen_on_the_way(open_page):
    app = open_page("pipeline")
    app.slider(key="choose-level").set_value(0.2).run()
    app.button[0].click().run()
    assert not app.exception
    assert app.query_params["pick"]
    assert not app.toggle  # one picture goes the whole way


@pytest.mark.parametrize("parameters", [{"pick": "-3"}, {"level": "nan"}, {"model": "all"}])
def test_garbage_parameters_fall_back(open_page, parameters):
    assert "The composite" in html(open_page("pipeline", **parameters))


def test_an_empty_store_is_one_sentence(open_page, own_store):
    shutil.rmtree(own_store)
    app = open_page("pipeline")
    assert len(app.error) == 1
