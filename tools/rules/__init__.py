"""Messages and pages of the rules that specs can break."""
