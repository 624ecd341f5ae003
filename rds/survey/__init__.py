"""The survey instrument and the survey platforms that carry it."""
