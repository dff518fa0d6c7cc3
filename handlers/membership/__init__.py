"""人员: who holds which role where, from rosters, by invitation, and as it changes."""
