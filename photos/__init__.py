"""Photos (照片): checked before decoding, cleaned before showing, kept by hash. The only user of Pillow."""
