"""页面: one module per page, each with a blueprint of its name."""
