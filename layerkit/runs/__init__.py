"""What a run writes: its directory, and the files in it."""
