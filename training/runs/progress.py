"""How far a run has come: written by the training process, read by everyone who watches."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from training.runs.run import Run

FINISHING = "finishing"  # the stage after the last: export, measure, publish
_FILE = "progress.json"


@dataclass(frozen=True)
class Progress:
    """Where a run stands within its stages. Numbers count from 1; 0 is before the start."""

    stage: str = ""
    stage_number: int = 0
    stages: int = 0  # finishing is none of them
    epoch: int = 0  # under way, in this stage
    epochs: int = 0  # at most: a stage may stop early
    step: int = 0  # done, in this epoch
    steps: int = 0
    seconds: float = 0.0  # spent so far, by the process at work
    seconds_left: float | None = None  # over all stages, from now on; None: not known yet
    share: float = 0.0  # of the whole run, 0 to 1


def read_progress(run: Run, *, is_done: bool = False) -> Progress:
    """Return the progress last written; zeros when there is none.

    Time goes on where nothing is written, as while networks are compiled: what is left is less by
    the age of the file.
    """
    path = run.folder / _FILE
    try:
        found = json.loads(path.read_text())
        progress = Progress(**{field.name: found[field.name] for field in fields(Progress)})
        if progress.seconds_left is not None:
            age = max(0.0, time.time() - path.stat().st_mtime)
            progress = replace(progress, seconds_left=max(0.0, progress.seconds_left - age))
    except (OSError, ValueError, TypeError, KeyError):
        progress = Progress()
    if is_done:
        return replace(progress, share=1.0, seconds_left=0.0)
    return progress


def write_progress(run: Run, progress: Progress) -> None:
    """Replace the file, whole; it is not worth waiting for the disk."""
    temporary = run.folder / f".{_FILE}.tmp"
    temporary.write_text(json.dumps(asdict(progress)))
    temporary.replace(run.folder / _FILE)
