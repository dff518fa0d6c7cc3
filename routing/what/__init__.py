"""What is it (什么问题): from words to categories, and how sure that is."""
