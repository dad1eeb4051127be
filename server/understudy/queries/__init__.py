"""Queries grounded in topics, personas and a company's own text, and the measure of what the grounding brings."""
