"""Every limit of retraining, each an environment variable with a default."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Limits:
    """What may be trained here, how much of it, and how long it is kept."""

    training: bool  # TRAINING: on or off
    hosted: bool  # HOSTED: on where strangers share the machine; off, everybody sees every run
    queue: int  # TRAINING_QUEUE: runs that may wait
    per_visitor: int  # TRAINING_PER_VISITOR: of one visitor, waiting or running; where hosted
    hours: float  # TRAINING_HOURS: the longest a run may take; 0: any time
    hours_kept: float  # RUNS_HOURS: runs are deleted so long after they ended; 0: never
    megabytes: float  # RUNS_MEGABYTES: what the runs folder may hold
    attempts: int  # TRAINING_ATTEMPTS: how often a run that was lost is taken up again by itself
    threads: int  # TRAINING_THREADS: of the child
    least_images: int  # TRAINING_LEAST_IMAGES
    most_epochs: int  # TRAINING_MOST_EPOCHS: of a stage
    most_width: float  # TRAINING_MOST_WIDTH: of a network, in multiples of its own


def read_limits() -> Limits:
    """Return the limits as the environment sets them now."""
    hosted = _switch("HOSTED", default=False)
    return Limits(
        training=_switch("TRAINING", default=True),
        hosted=hosted,
        queue=int(_number("TRAINING_QUEUE", 8)),
        per_visitor=int(_number("TRAINING_PER_VISITOR", 2)),
        hours=_number("TRAINING_HOURS", 3 if hosted else 0),
        hours_kept=_number("RUNS_HOURS", 24 if hosted else 0),
        megabytes=_number("RUNS_MEGABYTES", 2_000 if hosted else 20_000),
        attempts=int(_number("TRAINING_ATTEMPTS", 3)),
        threads=int(_number("TRAINING_THREADS", os.cpu_count() or 1)),
        least_images=int(_number("TRAINING_LEAST_IMAGES", 1_000)),
        most_epochs=int(_number("TRAINING_MOST_EPOCHS", 30 if hosted else 100)),
        most_width=_number("TRAINING_MOST_WIDTH", 2),
    )


def _switch(name: str, *, default: bool) -> bool:
    text = os.environ.get(name, "").strip().lower()
    if text in {"on", "1", "true", "yes"}:
        return True
    if text in {"off", "0", "false", "no"}:
        return False
    if text:
        _log.warning("%s must be on or off. Received: %s", name, text)
    return default


def _number(name: str, default: float) -> float:
    text = os.environ.get(name, "").strip()
    if not text:
        return default
    try:
        value = float(text)
    except ValueError:
        value = -1
    if not 0 <= value <= 1e9:  # turns NaN away too
        _log.warning("%s must be a number from 0 to 1e9. Received: %s", name, text)
        return default
    return value
