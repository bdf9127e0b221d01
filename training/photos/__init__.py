"""What only the models for photos need: their recipe, their data, and the classifier's networks."""
