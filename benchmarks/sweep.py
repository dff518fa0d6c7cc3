"""催办扫描: a thousand words due among a million open deadlines, found, written and committed."""
