"""The committee's workbook: one module per sheet; content, theme and writing kept apart."""
