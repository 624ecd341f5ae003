"""Domains, tasks, KSAs and linkage: what the panel says the role is."""
