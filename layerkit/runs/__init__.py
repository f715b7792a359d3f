"""What a run leaves behind: its directory, and what is written into it."""
