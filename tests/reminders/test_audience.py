"""Who hears (提醒对象): officers, leaders, the unit above and the command, and who hears when nobody is there."""
