"""Data, recipes and training; TensorFlow stays in the modules that build, fit and export."""
