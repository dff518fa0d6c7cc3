"""The running program (程序): the only folder that speaks WeChat, Redis and RQ and reads the settings."""
