"""A local WeChat (微信模拟器). It imports nothing of the project."""
