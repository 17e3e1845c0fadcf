"""The bytes of a file: text or a workbook, as one table of cells."""
