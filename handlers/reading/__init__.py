"""Reading (读懂来文): what each platform's people write, as plain values. Pure: any text gives a result."""
