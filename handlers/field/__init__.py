"""实地测评: rounds of third-party assessment, drawn by a seed, and blind re-checks of what was said to be done."""
