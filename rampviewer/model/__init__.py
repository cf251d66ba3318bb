"""What the application knows: frozen values; no Qt, no files."""
