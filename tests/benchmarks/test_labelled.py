"""Labelled texts are read whole, and no copy of what was learnt is asked for."""

import gzip
from pathlib import Path

import pytest

from benchmarks.labelled import first_line, read, split

TABLE = "label\ttext\n路灯\t路灯不亮\n还有一行\n垃圾\t垃圾成堆\n路灯\t路灯坏了\n说明\t这不是标签\n垃圾\t没人清运\n"
LONG = "夜市的摊贩每天晚上把整条人行道都占了，走路只能走到机动车道上去，第{}次反映了，请管一管"
OTHERS = [
    "地铁口共享单车乱停，盲道都堵死了",
    "井盖旁边的路面裂了好几道缝，下雨积水",
    "行道树枯死三棵没有人来补种",
    "楼道里堆满了纸箱子和旧家具，怕着火",
    "广场北边的路灯整个星期都没有亮过",
]


@pytest.mark.parametrize("name", ["texts.tsv", "texts.tsv.gz"])
def test_it_reads_records_of_several_lines_and_leaves_out_the_header(tmp_path: Path, name: str) -> None:
    data = TABLE.encode()
    (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith("gz") else data)

    examples = read(tmp_path / name)

    assert examples == [
        ("路灯不亮\n还有一行", "路灯"),
        ("垃圾成堆", "垃圾"),
        ("路灯坏了\n说明\t这不是标签", "路灯"),
        ("没人清运", "垃圾"),
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("路灯 不亮", "路灯 不亮"),
        (
            "小区 门口 垃圾 成堆 好几天 没有人 清运 请 尽快 派人 处理",
            "小区 门口 垃圾 成堆 好几天 没有人 清运 请 尽快",
        ),
        ("没" * 30, "没" * 19),
        ("", ""),
    ],
)
def test_it_takes_whole_words_for_a_title(text: str, line: str) -> None:
    assert first_line(text) == line


@pytest.mark.parametrize("seed", range(5))
def test_it_holds_out_no_copy_of_what_is_learnt(seed: int) -> None:
    copies = [(LONG.format(n), "占道") for n in "一二三四"]
    examples = [*copies, *((text, "别的") for text in OTHERS)]

    learnt, held_out = split(examples, seed)

    assert sorted([*learnt, *held_out]) == sorted(examples)
    assert set(copies) <= set(learnt) or set(copies) <= set(held_out)
