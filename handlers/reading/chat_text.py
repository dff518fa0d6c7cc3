"""聊天记录文本: a conversation that was mailed, saved or copied as text.

Seen in other people's programs that read such exports, and in the mails they test with:

- WeChat's own 邮件发送: a line 微信群"群名"的聊天记录如下: (or "甲 和 乙 在微信上的聊天记录如下，请查收。"), then for
  every day "—————  2026-11-23  —————", and for every message "张三  08:12" (two blanks), its words below, blank lines
  between. Pictures are "[图片: 2b42….jpg(请在附件中查看)]" on newer phones, "图片1（可在附件中查看）" on older ones.
  Nicknames may themselves hold times ("小王12:00-21:00  14:30"), and "发自我的 iPhone" may stand at the end.
- Marked and copied on a computer: "张三 2026/11/23 8:12:05", "张三 08:12" or only "张三:" above the words; "[图片]".
- Tools that save a group as text: "2026-11-23 08:12:05 张三" or "[2026-11-23 08:12:05] 张三: 话".

A line in somebody's words can look like such a head ("检查时间 8:30"). What most heads of a file have in common
(the form, the two blanks, the blank line above) decides which lines are heads.
"""

import re
from dataclasses import dataclass
from datetime import date

from handlers.reading import chat_marks
from handlers.reading.chat_said import Said, Transcript
from handlers.reading.chat_times import CLOCK, DATE, WEEKDAY, When, clock_of, day_of
from handlers.reading.width import half_width

LINES_AT_MOST = 200_000
_LONGEST_HEAD = 120
_NAME = r"(?P<name>\S.{0,39}?)"
_SOME_DAY = r"(?:(?:今天|昨天|前天|星期[一二三四五六日天]|周[一二三四五六日天])\s?)?"
# In the order of trust: of two forms that are met equally often the earlier one counts.
_FORMS = (
    re.compile(rf"{_NAME}(?P<gap>\s{{1,8}}|\s?\(){DATE}{WEEKDAY}\s{{0,3}}{CLOCK}\)?"),
    re.compile(rf"\[?{DATE}{WEEKDAY}[T\s]{{1,3}}{CLOCK}\]?(?P<gap>\s{{1,8}}){_NAME}(?::(?P<words>.{{0,4000}}))?"),
    re.compile(rf"{_NAME}(?P<gap>\s{{1,8}}){_SOME_DAY}{CLOCK}"),
    re.compile(rf"{_NAME}(?P<gap>):"),
)
_BARE = _FORMS[-1]
_RULED_DAY = re.compile(rf"[-—–=_*~\s]{{2,40}}{DATE}{WEEKDAY}[-—–=_*~\s]{{2,40}}")
_PLAIN_DAY = re.compile(rf"{DATE}{WEEKDAY}(?:\s{{1,3}}{CLOCK})?")
_CHAT = re.compile(r"(?:微信群|群聊)\s?[\"“”「『]?(?P<chat>[^\"“”」』\n]{1,60}?)[\"“”」』]?\s?的聊天记录")
# What stands before a time or a colon in words, and in no name.
_NO_NAME = re.compile(
    r".*(?:[。!?;,、]|时间|日期|截止|早上|上午|中午|下午|晚上|今天|明天|昨天|地点|位置|地址|电话|如下|情况|问题|内容|说明|要求)"
)
# Of the heads this share must have something for it to be asked of all of them.
_MOSTLY = 0.7


@dataclass(frozen=True, slots=True)
class _Line:
    """A line, the same in half width, and whether the line above is blank or a ruled day."""

    text: str
    flat: str
    after_blank: bool


@dataclass(frozen=True, slots=True)
class _Style:
    """How this file writes its heads."""

    form: re.Pattern[str]
    wide_gap: bool
    after_blank: bool

    def head(self, line: _Line) -> re.Match[str] | None:
        if self.after_blank and not line.after_blank:
            return None
        found = _head(self.form, line)
        return found if found and not (self.wide_gap and len(found["gap"]) < 2) else None


def read(text: str) -> Transcript:
    """读聊天记录: what cannot be told apart belongs to the message above it; a text without heads says nothing."""
    lines = _lines(text)
    style = _style(lines)
    chat = _CHAT.search(half_width("\n".join(line.text for line in lines[:10])))
    return Transcript(chat["chat"].strip() if chat else "", tuple(_messages(lines, style)) if style else ())


def _lines(text: str) -> list[_Line]:
    lines, blank = [], True
    for line in text.split("\n", LINES_AT_MOST)[:LINES_AT_MOST]:
        flat = half_width(line).strip()
        lines.append(_Line(line.strip(), flat, blank))
        blank = not flat or _RULED_DAY.fullmatch(flat[:_LONGEST_HEAD]) is not None
    return lines


def _head(form: re.Pattern[str], line: _Line) -> re.Match[str] | None:
    if len(line.flat) > _LONGEST_HEAD and form is not _FORMS[1]:
        return None
    found = form.fullmatch(line.flat)
    if found is None or _NO_NAME.fullmatch(found["name"]):
        return None
    return found if form is _BARE or clock_of(found) else None


def _style(lines: list[_Line]) -> _Style | None:
    """The form that most heads have; a bare "张三:" only counts where no form with a time does."""
    heads = {form: [(line, head) for line in lines if (head := _head(form, line))] for form in _FORMS}
    timed = max(_FORMS[:-1], key=lambda form: len(heads[form]))
    # A few words with a time in them do not make a conversation of names into one of times.
    form = timed if len(heads[timed]) * 3 >= len(heads[_BARE]) and heads[timed] else _BARE
    found = heads[form]
    if not found:
        return None
    wide = sum(len(head["gap"]) > 1 for _, head in found)
    apart = sum(line.after_blank for line, _ in found)
    return _Style(form, wide >= _MOSTLY * len(found), apart >= _MOSTLY * len(found) and len(found) > 1)


def _messages(lines: list[_Line], style: _Style) -> list[Said]:
    made: list[Said] = []
    day: date | None = None
    speaker, when, words = "", When(), list[str]()
    for line in lines:
        new_day = _new_day(line)
        head = None if new_day else style.head(line)
        if not (new_day or head):
            words.append(line.text)
            continue
        made += _said(speaker, when, words)
        speaker, words = "", []
        day = new_day or day
        if head:
            speaker, when = _whose(head, line), _when(head, day)
            words.append(_inline(head, line))
    return made + _said(speaker, when, words)


def _new_day(line: _Line) -> date | None:
    flat = line.flat[:_LONGEST_HEAD]
    found = _RULED_DAY.fullmatch(flat) or (_PLAIN_DAY.fullmatch(flat) if line.after_blank else None)
    return day_of(found) if found else None


def _when(head: re.Match[str], day: date | None) -> When:
    if head.re is _BARE:
        return When(day)
    return When(day_of(head) if "year" in head.re.groupindex else day, clock_of(head))


def _whose(head: re.Match[str], line: _Line) -> str:
    """The name as it was written, not in half width."""
    return line.text[head.start("name") : head.end("name")].strip()


def _inline(head: re.Match[str], line: _Line) -> str:
    if "words" not in head.re.groupindex or head["words"] is None:
        return ""
    return line.text[head.start("words") : head.end("words")]


def _said(speaker: str, when: When, words: list[str]) -> list[Said]:
    text = "\n".join(words).strip()
    if not speaker or not text:
        return []
    told = chat_marks.body(text)
    return [
        Said(
            speaker=speaker,
            day=when.day,
            clock=when.clock,
            text=told.words,
            pictures=told.pictures,
            quoted=told.quoted,
            unread=told.unread,
        )
    ]
