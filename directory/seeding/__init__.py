"""Readers and builders of the seed data: files in, records out, nothing written anywhere."""
