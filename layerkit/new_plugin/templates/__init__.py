"""The component of a new plugin, and a test of it, for every kind: plain code that works.

A new plugin gets the text of a module, with names of its own in place of ``Placeholder``,
``PlaceholderConfig`` and ``placeholder``.
"""
