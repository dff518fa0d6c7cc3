"""调度员: what the command centre may say in chat, until and beside the console."""
