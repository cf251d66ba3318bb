"""The window around the panels: menus, commands, messages, errors."""
