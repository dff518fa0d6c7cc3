"""A week in a city (模拟一周): every duty is told or escalated, none twice by the same way for the same step."""
