"""One of several web processes: `python -m tests.training.crowd COUNT` submits, dispatches, waits.

Prints what became of each submission, then stays until it is killed.
"""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor

from training.runs import dispatch, jobs


def submit(_):
    try:
        return jobs.submit("classic", {}, None)
    except jobs.JobError as error:
        return f"told: {error}"


def main():
    dispatch.child_command = lambda run: ["-m", "tests.training.fake_child", str(run.folder)]
    jobs.start_dispatcher()
    print("ready", flush=True)
    sys.stdin.readline()
    count = int(sys.argv[1])
    with ThreadPoolExecutor(count) as pool:
        for line in pool.map(submit, range(count)):
            print(line, flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
