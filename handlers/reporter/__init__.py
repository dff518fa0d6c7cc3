"""上报人: what whoever reports can say besides the report itself."""
