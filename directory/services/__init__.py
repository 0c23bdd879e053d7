"""Writes. One shape: load, require, check, change, record, note."""
