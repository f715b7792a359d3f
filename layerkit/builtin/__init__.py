"""The built-in components, one a file; each imports only what a plugin may."""
