"""What a trained network makes of files: predictions, and figures."""
