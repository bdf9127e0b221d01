from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.run_folders import time_recipes

# On a page of its own address Streamlit looks for its server below that address first.
PROBE = re.compile(r"404.*/_stcore/(health|host-config)")
ROOT = Path(__file__).parent.parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """The real app on a port of its own, with a store of runs beside its log."""

    def __init__(self, log: Path, script: str = "streamlit_app.py", **settings: str) -> None:
        runs = log.parent / "runs"
        time_recipes(runs)
        port = free_port()
        self.url = f"http://localhost:{port}"
        self.log = log
        self.process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", script, f"--server.port={port}"],
            cwd=ROOT,
            stdout=log.open("w"),
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1", "RUNS_DIR": str(runs), **settings},
        )
        self._wait()

    def _wait(self) -> None:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                if urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=5).read() == b"ok":
                    return
            except OSError:
                time.sleep(0.05)
        raise AssertionError(self.log.read_text())

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)


@pytest.fixture
def new_server(tmp_path):
    """Start a fresh server that nobody has visited."""
    servers = []

    def start() -> Server:
        servers.append(Server(tmp_path / f"server{len(servers)}.log"))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """One server for all tests that do not need a fresh one."""
    server = Server(tmp_path_factory.mktemp("server") / "log")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def photo_server(tmp_path_factory):
    """The same with a stand-in for the photo model."""
    server = Server(tmp_path_factory.mktemp("photo-server") / "log", "tests/browser/photo_app.py")
    yield server
    server.stop()


@pytest.fixture
def retrain_server(tmp_path):
    """The same with a stand-in for the training process."""
    server = Server(tmp_path / "log", "tests/browser/retrain_app.py")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-background-networking", "--disable-sync"],
        )
        yield browser
        browser.close()


@pytest.fixture
def open_tab(browser):
    """Open a tab and, at the end, check that its console stayed silent."""
    contexts, messages = [], []

    def open_it(url: str, on_frame_sent=None, **options):
        context = browser.new_context(**options)
        contexts.append(context)
        tab = context.new_page()
        tab.on("console", lambda message: messages.append(f"{message.text} {message.location}"))
        tab.on("pageerror", lambda error: messages.append(str(error)))
        if on_frame_sent:
            tab.on("websocket", lambda socket: socket.on("framesent", lambda f: on_frame_sent(f)))
        tab.goto(url)
        return tab

    yield open_it
    for context in contexts:
        context.close()
    assert [message for message in messages if not PROBE.search(message)] == []
