"""Two sweepers at the same moment say nothing twice."""
