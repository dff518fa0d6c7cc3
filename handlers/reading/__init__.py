"""Reading (读懂来文): what people write, as plain values. Pure: any text gives a result."""
