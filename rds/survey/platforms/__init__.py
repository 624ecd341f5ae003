"""One module per survey platform: writes the instrument, reads an export."""
