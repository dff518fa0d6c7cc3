"""照片疑点: what speaks against the photos of a rectification, and what follows from it. None of it refuses."""
