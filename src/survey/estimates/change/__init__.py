"""What changed between editions: differences, trends, decompositions, transitions."""
