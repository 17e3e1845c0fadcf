"""Text divided into records, strictly."""
