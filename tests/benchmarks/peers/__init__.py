"""Peers: what each does in an environment of its own, and what brings them side by side (`../peers.py`)."""
