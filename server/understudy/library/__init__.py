"""Loads personas, goals, topics, rubrics and company contexts from YAML and Markdown files."""
