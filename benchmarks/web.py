"""The app in a real Chromium: start, slider, memory. `python -m benchmarks.web`."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import psutil

from benchmarks.server import open_finished, run_browser, run_server
from benchmarks.tables import print_table, spread

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from benchmarks.server import Server

_STARTS, _MOVES = 5, 200

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


def _time_start(browser: Browser) -> float:
    started = time.perf_counter()
    with run_server() as (_, url):
        open_finished(browser, url).close()
        return time.perf_counter() - started


def time_moves(tab: Page, server: Server, count: int) -> tuple[list[float], list[float]]:
    """Return the seconds of each move and the server's memory in MB after it."""
    tab.locator(".st-key-choose-level input[type=range]").focus()
    tab.evaluate("addEventListener('keydown', () => { window.moved = performance.now(); }, true)")
    memory = psutil.Process(server.pid)
    seconds, megabytes = [], []
    for number in range(count):
        key = "ArrowLeft" if number // 5 % 2 else "ArrowRight"
        tab.evaluate(f"window.arrived = ({_MOVE})(); 0")
        tab.keyboard.press(key)
        seconds.append(tab.evaluate("window.arrived"))
        megabytes.append(memory.memory_info().rss / 1e6)
        tab.wait_for_timeout(50)
    return seconds, megabytes


def main() -> None:
    """Measure and print."""
    with run_browser() as browser:
        starts = [_time_start(browser) for _ in range(_STARTS)]
        with run_server() as (server, url):
            seconds, megabytes = time_moves(open_finished(browser, url), server, _MOVES)
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
