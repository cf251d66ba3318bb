"""What is listed, column by column, and which rows in which order."""
