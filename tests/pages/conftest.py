from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.photo_stand_in import make_photo_model
from tests.run_folders import time_recipes
from ui import photo_model

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(autouse=True)
def runs(tmp_path, monkeypatch) -> Path:
    """An empty store of runs, on a machine whose recipes have been timed."""
    folder = tmp_path / "runs"
    monkeypatch.setenv("RUNS_DIR", str(folder))
    for name in ("TRAINING", "HOSTED"):
        monkeypatch.delenv(name, raising=False)
    time_recipes(folder)
    return folder


@pytest.fixture
def open_page():
    """Open the app as a visitor with these query parameters, and check that nothing broke."""

    def open_it(script: str | None = None, /, **parameters: str | list[str]) -> AppTest:
        app = AppTest.from_file(str(ROOT / "ui" / "app.py"), default_timeout=30)
        if script:
            app.run().switch_page(f"../pages/{script}.py")
        for name, value in parameters.items():
            app.query_params[name] = value
        app.run()
        assert not app.exception
        return app

    return open_it


@pytest.fixture
def stand_in_model(monkeypatch):
    """The photo page with a stand-in for its model."""
    model = make_photo_model()
    monkeypatch.setattr(photo_model, "open_model", lambda model_id: model)
    monkeypatch.setattr(photo_model, "list_cards", lambda domain: [model.card])
    return model
