"""Reading text: languages, phrases, likeness. Pure functions."""
