"""统计: what the city may be told about a period, counted in the database, each definition written down once."""
