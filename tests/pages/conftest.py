from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parent.parent.parent


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
