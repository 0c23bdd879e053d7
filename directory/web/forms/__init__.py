"""The forms of entries: what stands on them, what was typed, and the record that is made of it."""
