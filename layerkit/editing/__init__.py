"""Changes to the text of a spec that keep its comments: formatting, filling in, upgrading."""
