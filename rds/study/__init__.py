"""The study folder: opens, receives, decides, runs, writes."""
