"""Understudy plays your agent's users before real users do. Importing it does nothing."""

__all__ = ["__version__"]

__version__ = "0.1.0"
