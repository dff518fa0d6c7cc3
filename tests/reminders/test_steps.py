"""Each step of a clock (提醒, 预警, 催办): once, to the right people, at its time, and again until it is done."""
