import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from training.runs.locks import changing, take

ROOT = Path(__file__).parents[3]


def test_one_holder_until_it_is_closed(tmp_path):
    held = take(tmp_path / "lock")
    assert take(tmp_path / "lock", patience=0) is None
    os.close(held)
    again = take(tmp_path / "lock", patience=0)
    assert again is not None
    os.close(again)


def test_a_killed_holder_holds_nothing(tmp_path):
    program = (
        "import sys, time; from pathlib import Path; from training.runs.locks import take;"
        "take(Path(sys.argv[1])); print('held', flush=True); time.sleep(60)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, tmp_path / "lock"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "held\n"
    assert take(tmp_path / "lock", patience=0) is None
    process.send_signal(signal.SIGKILL)
    process.communicate()
    os.close(take(tmp_path / "lock", patience=0))


def test_somebody_who_only_looks_stands_in_nobodys_way(tmp_path):
    held = take(tmp_path / "lock")
    threading.Timer(0.2, os.close, [held]).start()
    taken = take(tmp_path / "lock")  # waits a moment
    assert taken is not None
    os.close(taken)


def test_changes_come_one_after_the_other(tmp_path):
    inside = []

    def change():
        with changing(tmp_path):
            inside.append("in")
            time.sleep(0.01)
            inside.append("out")

    threads = [threading.Thread(target=change) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert inside == ["in", "out"] * 8
