"""Routing (派单规则): what is it, where is it, whose is it, and why. Plain values only."""
