"""What comes in the box, one component a file; each imports only what a plugin may."""
