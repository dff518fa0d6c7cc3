"""The demonstration (演示): the whole system on one machine, played from outside over real HTTP."""
