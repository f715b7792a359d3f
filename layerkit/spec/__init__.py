"""What a person writes: the spec's model, how it is read, and what is said about its mistakes."""
