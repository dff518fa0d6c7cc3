"""案卷: everything about one case that its visitor may know, read once, in plain values for a page."""
