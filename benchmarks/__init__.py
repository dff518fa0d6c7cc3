"""What is measured, against what, with one command: `python -m benchmarks` (测速)."""
