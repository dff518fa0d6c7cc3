"""When a word is due and who hears it (催办督办)."""
