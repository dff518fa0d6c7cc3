"""发送: ten thousand reminders due in the same minute, through a WeChat that takes its time."""
