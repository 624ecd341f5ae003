"""Typed answers: reading them in, holding them, who gave them."""
