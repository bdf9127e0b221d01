"""How weights are moved: by AdamW, or by Muon for the kernels of convolutions."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import keras
from keras import ops

if TYPE_CHECKING:
    from keras import KerasTensor

    from training.recipe import Stage

_EDGES = ["stem", "minus_noise"]  # the first and the last layer see pixels, not features
_AVERAGED_OVER = 0.998  # what the moving average of the weights keeps of itself at each step


@keras.saving.register_keras_serializable("image_noise_reducer")
class OneCycle(keras.optimizers.schedules.LearningRateSchedule):
    """The learning rate of Smith 2018: a linear warm-up, then a cosine down to nothing."""

    def __init__(self, peak: float, steps: int, warm_up: float = 0.2) -> None:
        """Reach `peak` after the share `warm_up` of all `steps`."""
        self.peak, self.steps, self.warm_up = peak, steps, warm_up

    def __call__(self, step: int) -> Any:  # noqa: ANN401, D102 - Keras' own
        done = ops.cast(step, "float32") / self.steps
        rising = 0.05 + 0.95 * done / self.warm_up
        falling = 0.5 * (1 + ops.cos(math.pi * (done - self.warm_up) / (1 - self.warm_up)))
        return self.peak * ops.where(done < self.warm_up, rising, falling)

    def get_config(self) -> dict[str, float]:  # noqa: D102 - Keras' own
        return {"peak": self.peak, "steps": self.steps, "warm_up": self.warm_up}


@keras.saving.register_keras_serializable("image_noise_reducer")
class ConvolutionMuon(keras.optimizers.Muon):
    """Muon (Jordan et al. 2024) for convolutions, whose kernels Keras' own leaves to AdamW.

    A kernel counts as the matrix from all it sees to its channels, as Jordan's CIFAR-10 training
    has it; everything else is left to AdamW, at the same rate.
    """

    _rate: KerasTensor | None = None  # of the step that is being taken

    def apply(  # noqa: D102 - Keras' own
        self, grads: list[KerasTensor], trainable_variables: list[keras.Variable] | None = None
    ) -> None:
        # Worked out once a step, where Keras does so for every variable: each of them would cost
        # as much as the update itself, and the longer to compile.
        self._rate = super()._get_current_learning_rate()
        try:
            super().apply(grads, trainable_variables)
        finally:
            self._rate = None

    def _get_current_learning_rate(self) -> KerasTensor:
        return super()._get_current_learning_rate() if self._rate is None else self._rate

    def _backend_update_step(
        self,
        grads: list[KerasTensor],
        trainable_variables: list[keras.Variable],
        learning_rate: KerasTensor,
    ) -> None:
        # Without Keras' way through a strategy for many machines, which takes long to compile.
        for gradient, variable in zip(grads, trainable_variables, strict=True):
            self.update_step(gradient, variable, learning_rate)

    def _should_use_adamw(self, variable: keras.Variable) -> bool:
        is_kernel = len(variable.shape) == 4
        return not is_kernel or any(name in variable.path for name in self.exclude_layers)

    def zeropower_via_newtonschulz5(self, x: KerasTensor, steps: int) -> KerasTensor:  # noqa: D102
        shape = x.shape
        flat = super().zeropower_via_newtonschulz5(ops.reshape(x, (-1, shape[-1])), steps)
        return ops.reshape(flat, shape)

    def lr_adjust(self, x: KerasTensor) -> KerasTensor:  # noqa: D102 - Keras' own
        longer = max(math.prod(x.shape[:-1]), x.shape[-1])
        return x * (math.sqrt(longer) * self.rms_rate)


def make_optimizer(stage: Stage, steps: int) -> keras.optimizers.Optimizer:
    """Return the optimizer of a stage with so many steps in an epoch."""
    peak = stage.learning_rate
    rate = OneCycle(peak, stage.epochs * steps) if stage.one_cycle else peak
    averaging = {"use_ema": stage.average_weights, "ema_momentum": _AVERAGED_OVER}
    if stage.optimizer == "muon":
        decay = stage.weight_decay or None  # None is not even computed
        return ConvolutionMuon(
            rate, weight_decay=decay, adam_weight_decay=decay, exclude_layers=_EDGES, **averaging
        )
    return keras.optimizers.AdamW(rate, weight_decay=stage.weight_decay, **averaging)
