"""Pages about every component that this repository registers."""
