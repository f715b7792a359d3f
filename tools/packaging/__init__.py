"""From the source tree to files for the package index: ``make dist`` and ``make version``."""
