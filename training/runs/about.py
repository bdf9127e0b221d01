"""What is known of a run besides its recipe: whose it is, its title, its turn."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from model_store.files import write_json

if TYPE_CHECKING:
    from training.runs.run import Run

Task = Literal["train", "finish"]
_FILE = "about.json"


@dataclass(frozen=True)
class About:
    """The file `about.json` of a run folder. It is changed under `locks.changing` only."""

    title: str = ""  # "": that of its recipe
    owner: str | None = None  # None: started in a terminal
    number: int = 0  # runs wait in this order; 0: it never waits, a terminal goes on with it
    created: float = 0.0  # Unix seconds, to be shown only
    attempts: int = 0  # how often it was started since somebody asked for it
    task: Task = "train"  # or "finish": make a model of the best weights so far


def read_about(run: Run) -> About:
    """Return what is known; of a folder without the file, or with a damaged one, very little."""
    path = run.folder / _FILE
    try:
        found: Any = json.loads(path.read_text())
        known = {name: found[name] for name in asdict(About()) if name in found}
        about = About(**known)
        if _is_sound(about):
            return about
    except (OSError, ValueError, TypeError):
        pass
    return About(created=_age_of_folder(run))


def _is_sound(about: About) -> bool:
    numbers = (about.number, about.attempts, about.created)
    return (
        isinstance(about.title, str)
        and isinstance(about.owner, str | None)
        and all(isinstance(number, int | float) for number in numbers)
        and about.task in {"train", "finish"}
    )


def _age_of_folder(run: Run) -> float:
    for path in (run.folder / "config.json", run.folder):
        try:
            return path.stat().st_mtime
        except OSError:
            continue
    return 0.0


def change_about(run: Run, **changes: Any) -> None:  # noqa: ANN401 - any field of About
    """Write the file with some fields changed."""
    write_about(run, replace(read_about(run), **changes))


def write_about(run: Run, about: About) -> None:
    """Write the file."""
    write_json(run.folder / _FILE, asdict(about))
