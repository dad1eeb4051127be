"""Adapters to language models, and wrappers with one concern each."""
