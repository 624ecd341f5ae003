"""The workbook of details: one module per sheet, and the words about tables."""
