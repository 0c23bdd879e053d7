"""Reads. The first argument is the actor; every statement on entries starts from the policy."""
