"""Group bot (智能机器人): JSON callbacks, encrypted pictures, answers in the group."""
