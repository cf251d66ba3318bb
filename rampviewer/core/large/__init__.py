"""Large events: snowballs and showers."""
