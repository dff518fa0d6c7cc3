"""What reporters wrote, as a unit may read it."""

import pytest

from handlers.discretion import hidden


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("垃圾桶满了，王小明13800000001", "垃圾桶满了，***138****0001"),
        ("垃圾桶满了，13800000001王小明", "垃圾桶满了，138****0001***"),
        ("我是王小明 13800000001", "我是*** 138****0001"),
        ("王小明和王小明", "***和***"),
    ],
)
def test_it_hides_a_name_and_the_number_beside_it(words: str, told: str) -> None:
    assert hidden(words, ["王小明"]) == told
