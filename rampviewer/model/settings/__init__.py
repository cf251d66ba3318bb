"""What the user can set: parameters under their official names, presets, output names."""
