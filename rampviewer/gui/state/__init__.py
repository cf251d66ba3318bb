"""What the window knows: `Session`, its runs, and what each image shows of them."""
