"""Runs: their folders, queue, locks and limits. Free of TensorFlow, so that pages may use them."""
