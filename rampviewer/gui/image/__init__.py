"""The image: from values to colours, marks above it, and what decides how it looks."""
