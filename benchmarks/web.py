"""The app in a real Chromium: start, slider, memory. `python -m benchmarks.web`."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
from playwright.sync_api import sync_playwright

from benchmarks.tables import print_table, spread

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_ROOT = Path(__file__).parent.parent
_STARTS, _MOVES = 5, 200
_DONE = ".verdict h2"

# From the key that moves the slider to the first frame with the new picture.
_MOVE = """
() => new Promise(resolve => {
  const find = selector => {
    for (const host of document.querySelectorAll('*')) {
      const found = host.shadowRoot?.querySelector(selector);
      if (found) return found;
    }
  };
  const picture = find('.comparison img.before');
  new MutationObserver((_, observer) => {
    observer.disconnect();
    requestAnimationFrame(() => resolve((performance.now() - window.moved) / 1000));
  }).observe(picture, { attributes: true, attributeFilter: ['src'] });
})
"""


def _start_server() -> tuple[subprocess.Popen[bytes], str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = ["-m", "streamlit", "run", "streamlit_app.py", f"--server.port={port}"]
    process = subprocess.Popen([sys.executable, *command], cwd=_ROOT, stdout=subprocess.DEVNULL)
    return process, f"http://localhost:{port}"


def _open(browser: Browser, url: str) -> Page:
    """Open the page as soon as the server answers, and wait until it is finished."""
    tab = browser.new_page()
    for _ in range(600):
        try:
            tab.goto(url)
            break
        except Exception:  # noqa: BLE001 - whatever Chromium says of a server not there yet
            time.sleep(0.02)
    tab.wait_for_selector(_DONE, timeout=60_000)
    return tab


def _time_start(browser: Browser) -> float:
    started = time.perf_counter()
    process, url = _start_server()
    try:
        _open(browser, url).close()
        return time.perf_counter() - started
    finally:
        process.terminate()
        process.wait()


def _time_moves(tab: Page, process: subprocess.Popen[bytes]) -> tuple[list[float], list[float]]:
    """Return the seconds of each move and the server's memory in MB after it."""
    tab.locator(".st-key-choose-level input[type=range]").focus()
    tab.evaluate("addEventListener('keydown', () => { window.moved = performance.now(); }, true)")
    memory = psutil.Process(process.pid)
    seconds, megabytes = [], []
    for number in range(_MOVES):
        key = "ArrowLeft" if number // 5 % 2 else "ArrowRight"
        tab.evaluate(f"window.arrived = ({_MOVE})(); 0")
        tab.keyboard.press(key)
        seconds.append(tab.evaluate("window.arrived"))
        megabytes.append(memory.memory_info().rss / 1e6)
        tab.wait_for_timeout(50)
    return seconds, megabytes


def main() -> None:
    """Measure and print."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        starts = [_time_start(browser) for _ in range(_STARTS)]
        process, url = _start_server()
        try:
            seconds, megabytes = _time_moves(_open(browser, url), process)
        finally:
            process.terminate()
            process.wait()
    print_table(
        ["what", "median ms", "p95 ms", "max ms"],
        [
            ["server start to first finished page", *spread(starts)],
            ["slider move to new picture", *spread(seconds)],
        ],
    )
    print(
        f"\nMemory of the web process: {megabytes[99]:.1f} MB after 100 reruns, "
        f"{megabytes[-1]:.1f} MB after {len(megabytes)}."
    )


if __name__ == "__main__":
    main()
