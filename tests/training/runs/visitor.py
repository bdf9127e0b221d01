"""A visitor who trains, and looks until a run has come as far as they want."""

from tests.training.conftest import wait_for
from training.runs import jobs
from training.runs.dispatch import dispatch_once

MINE, THEIRS = jobs.new_owner(), jobs.new_owner()


def submit(owner=MINE, **changes):
    return jobs.submit("classic", changes, owner)


def until(run_id, *states, seconds=30):
    """Dispatch until the run is in one of the states; return its snapshot."""

    def look():
        dispatch_once()
        seen = jobs.snapshot(run_id)
        return seen if seen.state in states else None

    return wait_for(look, seconds)
