"""What a disk may refuse, in one sentence."""

from __future__ import annotations

import errno
from contextlib import contextmanager
from typing import TYPE_CHECKING

from training.runs.run import JobError, RunError

if TYPE_CHECKING:
    from collections.abc import Iterator

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@contextmanager
def writing() -> Iterator[None]:
    """Turn what a disk may refuse into one sentence."""
    try:
        yield
    except JobError:
        raise
    except RunError as error:
        raise JobError(str(error)) from None
    except OSError as error:
        if error.errno in FULL:
            raise JobError("The disk is full: delete runs you no longer need.") from None
        raise JobError(
            "The folder of the runs cannot be written to here, so nothing can be trained: "
            "name another one in the environment variable RUNS_DIR."
        ) from None
