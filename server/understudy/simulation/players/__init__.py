"""simulation/players."""
