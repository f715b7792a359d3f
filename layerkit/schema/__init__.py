"""Everything a spec may say, for editors and for readers: a JSON Schema and docstrings."""
