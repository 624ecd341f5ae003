"""What the field says: descriptives, reliability, agreement."""
