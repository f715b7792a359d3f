"""A new spec for a table: what its columns are, inferred once and written down with the reasons."""
