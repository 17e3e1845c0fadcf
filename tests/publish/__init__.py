"""Charts, pages, workbook and files of a publication."""
