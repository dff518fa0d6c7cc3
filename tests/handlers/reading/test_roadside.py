"""文明交通志愿服务: what volunteers type between two lights."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.roadside import Roadside, read

SAID = [
    ("@创城机器人\u2005外卖闯红灯", "外卖闯红灯"),
    ("@创城机器人 外卖闯红灯", "外卖闯红灯"),
    ("＠创城机器人 外卖闯红灯", "外卖闯红灯"),
    ("外卖闯红灯 @创城机器人", "外卖闯红灯"),
    ("@创城机器人\u2005@督导小助手\u2005电动车逆行", "电动车逆行"),
    ("@创城机器人外卖闯红灯", "外卖闯红灯"),
    ("@创城机器人:外卖闯红灯", "外卖闯红灯"),
    ("@王队 违停三辆", "违停三辆"),
    ("@所有人 注意,电动车逆行", "注意,电动车逆行"),
    ("早班执勤,电动车逆行", "电动车逆行"),
    ("晚班:轿车不礼让斑马线", "轿车不礼让斑马线"),
    ("今天上午值勤期间发现行人翻越护栏", "行人翻越护栏"),
    ("在岗 电动车骑上人行道", "电动车骑上人行道"),
    ("志愿者报告:机动车压线停车", "机动车压线停车"),
    ("@创城机器人\u2005", ""),
    ("邮箱a@b.com没人回", "邮箱a@b.com没人回"),
    ("不戴头盔", "不戴头盔"),
    ("", ""),
]

SEEN = [
    ("@创城机器人\u2005经十路历山路口,由东向西,电动车闯红灯", "经十路历山路口", "由东向西", ""),
    ("历山路与文化西路路口外卖逆行 7:45", "历山路与文化西路路口", "", "7:45"),
    ("外卖小哥历山路口闯红灯", "历山路口", "", ""),
    ("一辆大货车停在泉城路路口斑马线上", "泉城路路口", "", ""),
    ("早上7点50分,解放路山大路路口,南北方向,行人闯红灯", "解放路山大路路口", "南北方向", "早上7点50分"),
    ("早高峰 二环东路花园路口 东向西 右转车不礼让", "二环东路花园路口", "东向西", "早高峰"),
    ("刚才两辆电动车在舜耕小学门口逆行", "舜耕小学门口", "", "刚才"),
    ("轿车违停,在山师东街北口", "山师东街北口", "北口", ""),
    ("往北方向 公交车道被占 英雄山路", "英雄山路", "往北方向", ""),
    ("八点半左右大明湖路南侧违停5辆", "大明湖路南侧", "南侧", "八点半左右"),
    ("工业南路由西往东车辆加塞", "工业南路", "由西往东", ""),
    ("无影山路路口行人闯红灯", "无影山路路口", "", ""),
    ("经十路59号门口乱停车 18:05", "经十路59号门口", "", "18:05"),
    ("泺源大街西进口电动车越线", "泺源大街西进口", "西进口", ""),
    ("自南向北闯红灯", "", "自南向北", ""),
    ("电动车闯红灯", "", "", ""),
    ("不戴头盔3人", "", "", ""),
]


@pytest.mark.parametrize(("text", "words"), SAID)
def test_it_takes_out_whom_it_was_said_to_and_that_one_is_on_duty(text: str, words: str) -> None:
    result = read(text)

    assert result.words == words


@pytest.mark.parametrize(("text", "place", "direction", "time"), SEEN)
def test_it_reads_place_direction_and_time(text: str, place: str, direction: str, time: str) -> None:
    result = read(text)

    assert (result.place_words, result.direction, result.at_time_text) == (place, direction, time)


def test_it_leaves_the_place_in_the_words() -> None:
    result = read("@创城机器人\u2005早班执勤,经十路历山路口，由东向西，电动车闯红灯")

    assert result == Roadside("经十路历山路口，由东向西，电动车闯红灯", "经十路历山路口", "由东向西", "")


PIECES = st.sampled_from(
    ["@", "＠", "创城机器人", "\u2005", " ", "早班", "执勤", "电动车", "闯红灯", "历山路口", "由东向西", "东", "向",
     "7:45", "8点", "半", ",", "，", "。", "在", "刚才", "志愿者", "\n"]
)  # fmt: skip
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=20).map("".join))


@given(text=TEXTS)
def test_it_reads_any_text(text: str) -> None:
    result = read(text)

    assert result.words == result.words.strip()
    assert len(result.words) <= len(text)


@given(names=st.lists(st.sampled_from(["创城机器人", "督导小助手", "王队", "bot"]), max_size=4))
def test_it_drops_every_mention(names: list[str]) -> None:
    text = "".join(f"@{name}\u2005" for name in names) + "电动车逆行"

    result = read(text)

    assert result.words == "电动车逆行"
