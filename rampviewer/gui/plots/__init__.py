"""What plots are made of: axes, marks, labels, one canvas for all, SVG."""
