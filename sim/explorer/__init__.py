"""The explorer: the model in one HTML file that needs no installation, no server and no network."""
