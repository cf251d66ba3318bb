"""The run that follows the parameters while they move."""
