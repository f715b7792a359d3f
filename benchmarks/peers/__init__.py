"""The libraries that Layerkit is compared with, one worker a file.

The type checkers leave this directory out: its files import what the development environment does
not have. Nothing imports them; they are started as processes and write lines of JSON.
"""
