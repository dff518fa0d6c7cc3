"""Numbers as dispatchers type them."""

import pytest

from handlers.reading import number_ranges


@pytest.mark.parametrize(
    ("text", "numbers", "rest"),
    [
        ("1,3-5", [1, 3, 4, 5], ""),
        ("1、3到5号", [1, 3, 4, 5], ""),
        ("1 3 5", [1, 3, 5], ""),
        ("5-3", [3, 4, 5], ""),
        ("2，2，2", [2], ""),
        ("2 不是问题", [2], "不是问题"),
        ("1,2：都处理过了", [1, 2], "都处理过了"),
        ("12 3号楼下垃圾", [12], "3号楼下垃圾"),
        ("", [], ""),
        ("全部", [], "全部"),
    ],
)
def test_it_reads_numbers_and_the_words_after_them(text: str, numbers: list[int], rest: str) -> None:
    assert number_ranges.read(text) == (numbers, rest)


def test_it_takes_a_range_into_the_millions_for_a_slip() -> None:
    numbers, _ = number_ranges.read("1-99999999")

    assert len(numbers) == number_ranges.AT_MOST
