"""Whose is it (归谁管): the rule tree, from a category at a place to the units that answer for it."""
