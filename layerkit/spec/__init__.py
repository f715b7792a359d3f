"""The spec that a person writes: its model, how it is read, and messages about its mistakes."""
