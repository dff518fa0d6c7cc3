"""地图: where the cases are, gathered by the database into what a screen can show."""
