"""How long a run will take still: measured from its own steps, estimated for stages to come."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from training.runs.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_STARTING = 2  # steps of a stage that are no measure: networks are compiled meanwhile
_ENOUGH = 8  # steps after which a stage is measured where nothing was foreseen
# A pace moves from what was foreseen to what is measured as fast as a person can follow, and goes
# on doing so: machines have other things to do.
_TRUST = 5.0  # seconds of steps that the foreseen pace counts for
_MEMORY = 30.0  # seconds of steps over which the pace is averaged
_FINISHING_SHARE = 0.05  # of the bar, where seconds are not known yet
_START_SECONDS = 5.0  # to compile a stage, until that was seen


@dataclass(frozen=True)
class Load:
    """What one stage has to do."""

    stage: str
    epochs: int
    steps: int  # in an epoch
    seconds: float  # a step, as foreseen
    is_measured: bool  # whether that was measured on this machine; else only its ratios count
    after_epoch: float  # what follows an epoch, in steps: mostly validation

    @property
    def work(self) -> float:
        """All of it, in foreseen seconds."""
        return self.seconds * self.epochs * (self.steps + self.after_epoch)


class Clock:
    """Told of every step, says how far the run is."""

    def __init__(
        self,
        loads: Sequence[Load],
        finishing: float,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """Start at the first of the loads; `finishing` is seconds after the last."""
        self._loads, self._finishing, self._now = loads, finishing, now
        self._started = self._last = now()
        self._number = self._epoch = self._step = self._seen = 0
        self._pace: float | None = None  # seconds a step, in this stage
        self._pauses: list[float] = []  # seconds from the end of an epoch to the next one
        is_measured = all(load.is_measured for load in loads)
        self._ratio = 1.0 if is_measured else None  # of real seconds to foreseen ones
        self._start_seconds = _START_SECONDS
        work = sum(load.work for load in loads)
        self._total = work + (finishing if is_measured else _FINISHING_SHARE * work)

    def begin_stage(self, stage: str, epoch: int) -> None:
        """Start or go on with a stage, so many of its epochs being done."""
        self._number = next(n for n, load in enumerate(self._loads) if load.stage == stage)
        self._epoch, self._step, self._seen = epoch, 0, 0
        load = self._loads[self._number]
        self._pace = None if self._ratio is None else self._ratio * load.seconds
        self._trusted = 0.0 if self._pace is None else _TRUST / self._pace  # steps
        self._pauses = []
        self._last = self._now()

    def end_step(self) -> None:
        """One step is done."""
        now = self._now()
        took, self._last = now - self._last, now
        self._step += 1
        self._seen += 1
        if self._seen == 1:
            self._start_seconds = took
        elif self._step == 1:
            self._pauses.append(max(0.0, took - (self._pace or 0.0)))
        elif self._seen > _STARTING:
            self._measure(took)

    def _measure(self, took: float) -> None:
        before = took if self._pace is None else self._pace
        count = min(self._trusted + self._seen - _STARTING, max(_MEMORY / max(before, 1e-9), 1.0))
        self._pace = before + (took - before) / count
        if self._trusted or self._seen >= _ENOUGH:
            self._ratio = self._pace / self._loads[self._number].seconds

    def end_epoch(self) -> None:
        """The last step of an epoch was the last one told of."""
        self._epoch += 1
        self._step = 0

    def progress(self) -> Progress:
        """Return where the run stands now."""
        load = self._loads[self._number]
        left = self._seconds_left()
        return Progress(
            stage=load.stage,
            stage_number=self._number + 1,
            stages=len(self._loads),
            epoch=min(self._epoch + 1, load.epochs),
            epochs=load.epochs,
            step=self._step,
            steps=load.steps,
            seconds=round(self._now() - self._started, 1),
            seconds_left=None if left is None else round(left, 1),
            share=round(self._share(), 4),
        )

    def _seconds_left(self) -> float | None:
        if self._ratio is None:
            return None
        load, ratio = self._loads[self._number], self._ratio
        pace = ratio * load.seconds if self._pace is None else self._pace
        # The first pause compiles, too, so that the foreseen one keeps a say.
        pause = (pace * load.after_epoch + sum(self._pauses)) / (1 + len(self._pauses))
        epochs = load.epochs - self._epoch
        here = (epochs * load.steps - self._step) * pace + epochs * pause
        if not self._seen:
            here += self._start_seconds
        later = sum(self._start_seconds + ratio * other.work for other in self._later())
        return max(0.0, here + later) + self._finishing

    def _later(self) -> Sequence[Load]:
        return self._loads[self._number + 1 :]

    def _share(self) -> float:
        """Return the share of the foreseen work that is done, 0 to 1: it never goes back."""
        load = self._loads[self._number]
        done = sum(other.work for other in self._loads[: self._number])
        in_epoch = self._step / (load.steps + load.after_epoch)
        done += load.work * min(1.0, (self._epoch + in_epoch) / load.epochs)
        return done / self._total
