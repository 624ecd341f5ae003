"""From ratings to weights to whole exam items."""
