"""What the window can do besides its image and ramp: a file for each feature."""
