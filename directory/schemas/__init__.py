"""Marshmallow schemas: what is accepted from outside, and the form of what is answered."""
