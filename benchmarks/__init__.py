"""Accuracy and speed, measured and held against pinned floors (`floors.toml`)."""
