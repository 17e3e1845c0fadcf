"""Numbers known as bands: models, regression."""
