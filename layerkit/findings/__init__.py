"""What is noticed in data before training: each finding with a code, the place and what to do."""
