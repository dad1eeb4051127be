"""The store on disk: SQLite."""
