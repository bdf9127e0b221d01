"""The app's own server and a real Chromium, for what only a visitor can measure."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

_ROOT = Path(__file__).parent.parent
_DONE = ".verdict h2"

Server = subprocess.Popen[bytes]


@contextmanager
def run_server() -> Iterator[tuple[Server, str]]:
    """Yield the app's server, just started, and its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = ["-m", "streamlit", "run", "streamlit_app.py", f"--server.port={port}"]
    process = subprocess.Popen([sys.executable, *command], cwd=_ROOT, stdout=subprocess.DEVNULL)
    try:
        yield process, f"http://localhost:{port}"
    finally:
        process.terminate()
        process.wait()


@contextmanager
def run_browser() -> Iterator[Browser]:
    """Yield the system's Chromium."""
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )


def open_finished(browser: Browser, url: str) -> Page:
    """Open a page as soon as the server answers, and wait until it is finished."""
    tab = browser.new_page()
    for _ in range(600):
        try:
            tab.goto(url)
            break
        except Exception:  # noqa: BLE001 - whatever Chromium says of a server not there yet
            time.sleep(0.02)
    tab.wait_for_selector(_DONE, timeout=60_000)
    return tab
