"""The words and rules of the directory, in pure Python.

Nothing here knows of HTTP, of a database or of a form: records go in, decisions come out, and every
decision carries its reason.
"""
