"""The JSON of the dashboard's interface."""
