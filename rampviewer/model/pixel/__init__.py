"""One pixel: its decision, its fit, and what there is to say about them."""
