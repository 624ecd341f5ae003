"""The demonstration studies."""
