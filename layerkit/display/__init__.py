"""Plans and figures as people read them: text and tables, for the command line and for Python."""
