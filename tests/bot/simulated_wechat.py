"""A simulated WeChat (模拟微信) under an installation: a running server, and people bound in both worlds."""
