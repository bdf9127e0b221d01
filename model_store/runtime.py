"""LiteRT: runs networks on as many threads as there are cores, however many callers there are."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from ai_edge_litert.interpreter import Interpreter
    from numpy.typing import NDArray

    Array = NDArray[np.float32]

_WORKERS = os.cpu_count() or 1
# The bound on how many small networks compute at once, in the whole process; callers wait.
_POOL = ThreadPoolExecutor(max_workers=_WORKERS, thread_name_prefix="litert")


class AnyNetwork(Protocol):
    """What a composite is made of."""

    @property
    def input_shape(self) -> tuple[int, ...]:
        """The shape of one picture."""
        ...

    def __call__(self, pictures: Array) -> Array:
        """Return the outputs for pictures of shape (N, *input_shape), N at least 1."""
        ...


class Network:
    """A LiteRT model of one input and one output, both with a fixed batch of one picture."""

    def __init__(self, content: bytes) -> None:
        """Prepare the model given as the bytes of a `.tflite` file.

        Raises:
            ValueError: when the bytes are no LiteRT model.
        """
        self._content = content
        self._of_this_thread = threading.local()  # an interpreter serves one thread only
        self.input_shape = _POOL.submit(lambda: _shape(self._own_interpreter())).result()

    def __call__(self, pictures: Array) -> Array:
        """Return the outputs for pictures of shape (N, *input_shape), N at least 1."""
        parts = np.array_split(pictures, min(len(pictures), _WORKERS))
        return np.concatenate(list(_POOL.map(self._compute, parts)))

    def _compute(self, pictures: Array) -> Array:
        return _compute(self._own_interpreter(), pictures)

    def _own_interpreter(self) -> Interpreter:
        if not hasattr(self._of_this_thread, "interpreter"):
            interpreter = _open(self._content, threads=1)
            interpreter.allocate_tensors()
            self._of_this_thread.interpreter = interpreter
        return self._of_this_thread.interpreter


class LargeNetwork:
    """A network for large pictures of any size: one interpreter, which computes on all cores.

    It holds about 400 bytes for each pixel of a picture, set aside at the first one of its size,
    so callers take turns with it.
    """

    def __init__(self, content: bytes) -> None:
        """Prepare the model; its `input_shape` is the largest that it should be given.

        Raises:
            ValueError: when the bytes are no LiteRT model.
        """
        self._interpreter = _open(content, threads=_WORKERS)
        self._turn = threading.Lock()
        self._size: tuple[int, ...] = ()  # what memory was set aside for, so far nothing
        self.input_shape = _shape(self._interpreter)

    def __call__(self, pictures: Array) -> Array:
        """Return the outputs for pictures (N, H, W, C), N at least 1."""
        with self._turn:
            if pictures.shape[1:] != self._size:
                self._size = ()  # what is half done counts for nothing
                source = self._interpreter.get_input_details()[0]["index"]
                self._interpreter.resize_tensor_input(source, (1, *pictures.shape[1:]))
                self._interpreter.allocate_tensors()
                self._size = pictures.shape[1:]
            return _compute(self._interpreter, pictures)


def _open(content: bytes, *, threads: int) -> Interpreter:
    from ai_edge_litert.interpreter import Interpreter

    return Interpreter(model_content=content, num_threads=threads)


def _shape(interpreter: Interpreter) -> tuple[int, ...]:
    return tuple(interpreter.get_input_details()[0]["shape"].tolist())[1:]


def _compute(interpreter: Interpreter, pictures: Array) -> Array:
    source = interpreter.get_input_details()[0]["index"]
    target = interpreter.get_output_details()[0]["index"]
    outputs = []
    for picture in pictures:
        interpreter.set_tensor(source, picture[np.newaxis])
        interpreter.invoke()
        outputs.append(interpreter.get_tensor(target))
    return np.concatenate(outputs)
