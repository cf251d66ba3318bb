"""What is opened, exported and printed, and with which references."""
