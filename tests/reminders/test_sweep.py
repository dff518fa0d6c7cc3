"""The sweep (巡检) as a whole: late, at night, with a poisoned row, and over cases that have moved on."""
