"""Fetching photos (取照片): kept, refused, retried, lost; and nothing of EXIF ever goes out."""
