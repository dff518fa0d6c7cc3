"""Where is it (在哪里): from words, pins and posts to streets and districts."""
