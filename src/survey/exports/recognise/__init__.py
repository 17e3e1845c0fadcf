"""What a file is: its layout, its edition, which of its headings are known."""
