"""What the suite measures, one part a file."""
