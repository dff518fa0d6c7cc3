"""案件页: one case on somebody's phone, opened in WeChat by a signed link."""
