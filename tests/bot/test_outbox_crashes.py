"""The outbox (发件箱) when its own side fails: workers that die, and two that drain at once."""
