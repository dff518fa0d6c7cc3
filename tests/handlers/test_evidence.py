"""整改证据: a category says what a rectification has to show."""

from tests.stage import Stage


def claimed(stage: Stage, words: str) -> int:
    return stage.reported_case(words=words)


def test_it_asks_for_a_picture_of_what_can_be_photographed(stage: Stage) -> None:
    officer = stage.officer()
    number = claimed(stage, "一堆垃圾没人管")

    told = officer.says(f"认领 {number}")
    answer = officer.says(f"整改 {number} 清走了")

    assert "把整改后照片发到这里" in told
    assert "请发整改后的照片" in answer


def test_it_takes_words_for_what_no_picture_can_show(stage: Stage) -> None:
    police = stage.officer("刘警官", "dept-police")
    number = claimed(stage, "广场舞音响太吵，扰民")
    task = police.hears()[-1]
    told = police.says(f"认领 {number}")

    answer = police.says(f"整改 {number} 已劝离并调低音量")

    assert "写明处理情况即可，不用照片" in task
    assert f"回复“整改 {number} 怎么处理的”，不用照片" in told
    assert "整改已提交" in answer


def test_it_asks_for_words_where_a_picture_alone_says_too_little(stage: Stage) -> None:
    police = stage.officer("刘警官", "dept-police")
    number = claimed(stage, "广场舞音响太吵，扰民")
    police.says(f"认领 {number}")
    police.photo()

    asked = police.says("完成")
    answer = police.says(f"整改 {number} 已劝离")

    assert "请用一句话写明怎么处理的" in asked
    assert "整改已提交" in answer


def test_it_asks_for_both_where_a_category_asks_for_both(stage: Stage) -> None:
    health = stage.officer("秦经办", "dept-health")
    number = claimed(stage, "路边扔着医疗废物针头")
    told = health.says(f"认领 {number}")
    health.photo()

    asked = health.says("完成")
    answer = health.says("完成，已交专业单位处置")

    assert "照片和处理说明" in told
    assert "写明怎么处理的" in asked
    assert "整改已提交" in answer


def test_it_names_who_assists(stage: Stage) -> None:
    officer = stage.officer()

    claimed(stage, "一堆垃圾没人管")

    assert "协办：市城市管理局" in officer.hears()[-1]
