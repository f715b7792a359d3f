"""What hostile specs and plugins may take."""

SECONDS = 1.0
"""Of processor time, so that a busy machine is no failure."""
BYTES = 300 * 2**20
"""More memory than the process has before."""
LONGEST = 30_000
"""Characters that are printed at most, of 20 problems."""
