"""公布材料: what is made of frozen rankings for people to read: the 通报 as Word and PDF."""
