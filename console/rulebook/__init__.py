"""规则书: the data pack as people read it, and what an edited file would change."""
