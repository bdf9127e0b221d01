"""Pictures as arrays: noise, metrics, drawing. NumPy and Pillow only."""
