"""图号: which photos a sentence points to. All texts here are half-width."""

import re
import unicodedata

_NUMBER = "(?:[0-9]{1,2}|[一二三四五六七八九十]|[①-⑳])"
# 图1,2.路灯: the 2 is the list's next number, not a photo.
_MANY = rf"{_NUMBER}(?:\s*[、,和及与至到~\-—]\s*(?:图|照片|第)?\s*{_NUMBER}(?![0-9号.])){{0,19}}"
_HINT = (
    rf"(?:[见如附看]|详见)?(?:(?:图片|照片|相片|附图|附件|图)\s*:?\s*{_MANY}(?![0-9号楼米]|单元)"
    rf"|第\s*{_MANY}\s*张(?:图片|照片|图)?)(?:所示)?"
)
_ANY = re.compile(_HINT)
_ASIDE = re.compile(rf"[(\[【]\s*{_HINT}\s*[)\]】]")
_FIRST, _LAST = re.compile(rf"\A\s*{_HINT}\s*[:,、]?"), re.compile(rf"[,;。]?\s*{_HINT}\s*[。.]?\s*\Z")
_EACH = re.compile(rf"({_NUMBER})|([至到~\-—])")
_HAN = {han: n for n, han in enumerate("一二三四五六七八九十", start=1)}

MOST = 20  # a message with its photos holds no more, and "图1-99" must not make a hundred of them


def find(text: str) -> tuple[int, ...]:
    """The numbers of the photos named, from 1, each once, in order: 图1, 照片2、3, 图4-6, 第二张."""
    found = [number for hint in _ANY.finditer(text) for number in _numbers(hint[0])]
    return tuple(dict.fromkeys(n for n in found if 1 <= n <= MOST))


def hints(text: str) -> list[tuple[int, int]]:
    """Where hints stand, whatever is around them."""
    return [match.span() for match in _ANY.finditer(text)]


def spans(text: str) -> list[tuple[int, int]]:
    """Where hints stand that the sentence can do without: in brackets, or at either end."""
    ends = [m for m in (_FIRST.match(text), _LAST.search(text)) if m]
    return sorted(m.span() for m in [*_ASIDE.finditer(text), *ends])


def _numbers(hint: str) -> list[int]:
    found: list[int] = []
    through = False
    for number, dash in _EACH.findall(hint):
        value = _value(number) if number else 0
        if number:
            found += range(found[-1] + 1, min(value, MOST) + 1) if through and found else [value]
        through = bool(dash)
    return found


def _value(number: str) -> int:
    if number in _HAN:
        return _HAN[number]
    return int(number) if number.isascii() else int(unicodedata.numeric(number))
