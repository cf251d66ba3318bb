"""Small widgets and looks that several panels use."""
