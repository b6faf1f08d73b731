"""The database: tables, one writer with group commit, readers, migrations. SQLite or PostgreSQL, the same code."""
