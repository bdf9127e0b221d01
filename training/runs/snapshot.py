"""A run as a page shows it: one frozen picture of everything its folder says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from training.runs.about import About, read_about
from training.runs.progress import Progress, read_progress
from training.runs.run import Run, RunError, RunState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from training.recipe import Part, Recipe

_DAMAGED = "The files of this run are damaged: delete it, and train again."


@dataclass(frozen=True)
class Epoch:
    """What was measured after one epoch."""

    stage: str
    network: Part
    number: int  # from 1, in its stage
    seconds: float
    figures: Mapping[str, float]  # loss, val_loss, and accuracy or psnr with their val_ twins


@dataclass(frozen=True)
class Preview:
    """The ten noisy test images as the weights after an epoch denoised them."""

    stage: str
    epoch: int  # from 1
    path: Path  # of a PNG, the ten side by side as in `RunSnapshot.noisy` and `.clean`


@dataclass(frozen=True)
class RunSnapshot:
    """Everything a page needs to show a run. Times are Unix seconds."""

    id: str
    title: str
    recipe: str  # "" where the folder is damaged
    changes: Mapping[str, str]  # as `--set` takes them
    owner: str | None  # None: started in a terminal
    number: int  # grows with every run; 0: unknown
    state: RunState
    reason: str  # one sentence, or ""
    created: float
    started: float | None
    ended: float | None
    progress: Progress  # zeros before the start
    place: int  # in the queue, from 1; 0: not waiting
    history: tuple[Epoch, ...]
    previews: tuple[Preview, ...]  # in the order they were made
    noisy: Path | None  # the ten test images with their noise
    clean: Path | None
    has_model: bool  # whether `open_model(id)` finds one
    can_finish: bool  # stopped, and every network has learned something

    @property
    def is_live(self) -> bool:
        """Whether it will change by itself."""
        return self.state in {RunState.QUEUED, RunState.RUNNING}

    @property
    def can_resume(self) -> bool:
        """Whether it ended before its time."""
        return bool(self.recipe) and self.state in {
            RunState.STOPPED,
            RunState.FAILED,
            RunState.LOST,
        }


def take_snapshot(run: Run, place: int = 0) -> RunSnapshot:
    """Return the run as it stands; a damaged folder becomes a lost run that says so."""
    about = read_about(run)
    try:
        config, recipe = run.config, run.recipe()
        status, history = run.status, _history(run, run.recipe())
    except RunError:
        return _damaged(run, about)
    return RunSnapshot(
        id=run.folder.name,
        title=about.title or recipe.title,
        recipe=config["recipe"],
        changes=config["changes"],
        owner=about.owner,
        number=about.number,
        state=status.state,
        reason=status.reason,
        created=about.created,
        started=status.started,
        ended=status.ended,
        progress=read_progress(run, is_done=status.state is RunState.DONE),
        place=place if status.state is RunState.QUEUED else 0,
        history=history,
        previews=_previews(run, history),
        noisy=_existing(run.previews / "noisy.png"),
        clean=_existing(run.previews / "clean.png"),
        has_model=run.has_model,
        can_finish=status.state in {RunState.STOPPED, RunState.FAILED, RunState.LOST}
        and bool(recipe.denoiser)
        and {epoch.network for epoch in history} == set(recipe.networks),
    )


def _history(run: Run, recipe: Recipe) -> tuple[Epoch, ...]:
    networks = {stage.name: stage.network for stage in recipe.stages}
    known = ("stage", "epoch", "seconds")
    return tuple(
        Epoch(
            entry["stage"],
            networks[entry["stage"]],
            entry["epoch"],
            entry["seconds"],
            _in_plain_names({k: v for k, v in entry.items() if k not in known}),
        )
        for entry in run.metrics
        if entry["stage"] in networks
    )


def _in_plain_names(figures: dict[str, float]) -> dict[str, float]:
    """Call figures the same, whether a stage trains one network alone or both in a row."""
    plain = {}
    for name, value in figures.items():
        for output in ("denoised_psnr", "classifier_accuracy"):
            if name in {output, f"val_{output}"}:
                plain[name.replace(output, output.partition("_")[2])] = value
    return {**figures, **plain}


def _previews(run: Run, history: tuple[Epoch, ...]) -> tuple[Preview, ...]:
    found = [Preview(e.stage, e.number, run.preview(e.stage, e.number)) for e in history]
    return tuple(preview for preview in found if preview.path.is_file())


def _existing(path: Path) -> Path | None:
    return path if path.is_file() else None


def _damaged(run: Run, about: About) -> RunSnapshot:
    return RunSnapshot(
        id=run.folder.name,
        title=about.title or "A damaged run",
        recipe="",
        changes={},
        owner=about.owner,
        number=about.number,
        state=RunState.LOST,
        reason=_DAMAGED,
        created=about.created,
        started=None,
        ended=None,
        progress=Progress(),
        place=0,
        history=(),
        previews=(),
        noisy=None,
        clean=None,
        has_model=run.has_model,
        can_finish=False,
    )
