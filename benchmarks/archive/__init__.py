"""两年的档案 (archive): a city's cases, for pages to be measured on. 97 of 100 are closed; the others burn."""
