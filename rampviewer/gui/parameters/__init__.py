"""The parameters of both steps, their presets and files."""
