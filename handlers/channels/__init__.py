"""The supervision platforms (督导平台), one module each, the same function names in each."""
