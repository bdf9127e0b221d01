"""What only the models for photos need: their data, and the classifier's networks."""
