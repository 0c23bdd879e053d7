"""Finding entries and States by what people type. The index is a cache of the tables."""
