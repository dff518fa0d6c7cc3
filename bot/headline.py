"""标题: what a word says before anything else, for the ways that show little of it."""

import re

_HEADLINE = re.compile(r"【([^】]{1,20})】")


def headline(text: str) -> str:
    """认领超时 of 【认领超时】…, else how the text begins; at most 20 characters."""
    found = _HEADLINE.match(text)
    return found[1] if found else (text.splitlines() or [""])[0][:20]


def after_headline(text: str) -> str:
    """What comes after 【…】."""
    return _HEADLINE.sub("", text, count=1).strip()
