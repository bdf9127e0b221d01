"""LiteRT: runs a network on a few worker threads, whoever calls and however many."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from ai_edge_litert.interpreter import Interpreter
    from numpy.typing import NDArray

    Array = NDArray[np.float32]

_WORKERS = os.cpu_count() or 1
# The bound on how many networks compute at once, in the whole process. Callers wait their turn.
_POOL = ThreadPoolExecutor(max_workers=_WORKERS, thread_name_prefix="litert")


class Network:
    """A LiteRT model of one input and one output, both with a fixed batch of one picture."""

    def __init__(self, content: bytes) -> None:
        """Prepare the model given as the bytes of a `.tflite` file.

        Raises:
            ValueError: when the bytes are no LiteRT model.
        """
        self._content = content
        self._of_this_thread = threading.local()  # an interpreter serves one thread only
        details = _POOL.submit(lambda: self._interpreter().get_input_details()[0]).result()
        self.input_shape: tuple[int, ...] = tuple(details["shape"].tolist())[1:]

    def __call__(self, pictures: Array) -> Array:
        """Return the outputs for pictures of shape (N, *input_shape), N at least 1."""
        parts = np.array_split(pictures, min(len(pictures), _WORKERS))
        return np.concatenate(list(_POOL.map(self._compute, parts)))

    def _compute(self, pictures: Array) -> Array:
        interpreter = self._interpreter()
        source = interpreter.get_input_details()[0]["index"]
        target = interpreter.get_output_details()[0]["index"]
        outputs = []
        for picture in pictures:
            interpreter.set_tensor(source, picture[np.newaxis])
            interpreter.invoke()
            outputs.append(interpreter.get_tensor(target))
        return np.concatenate(outputs)

    def _interpreter(self) -> Interpreter:
        if not hasattr(self._of_this_thread, "interpreter"):
            from ai_edge_litert.interpreter import Interpreter

            interpreter = Interpreter(model_content=self._content, num_threads=1)
            interpreter.allocate_tensors()
            self._of_this_thread.interpreter = interpreter
        return self._of_this_thread.interpreter
