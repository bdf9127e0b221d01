"""What the pages share. Each visitor's script runs in a thread of its own."""

import os

# Before NumPy is loaded: threads of matrix products in threads of visitors wait for each other,
# and with a training run on the same cores that takes ten times as long as one thread each.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
