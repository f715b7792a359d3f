"""Everything derived from a spec before anything is allocated: shapes, memory, threads."""
