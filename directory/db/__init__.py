"""The database: base class and types, engine and its listeners, the unit of work."""
