"""Checks that components keep their contracts, during one step and one evaluation of a run."""
