"""哪个街道: a community's name that stands for several is asked about, never guessed."""

from tests.stage import Actor, Stage


def begun(stage: Stage) -> Actor:
    citizen = stage.citizen()
    citizen.photo()
    return citizen


def test_it_asks_at_once_which_of_several_communities_is_meant(stage: Stage) -> None:
    citizen = begun(stage)

    answer = citizen.says("西关社区楼下一堆垃圾")

    assert "“西关社区”有3个" in answer
    assert "1. 济阳区济阳街道\n2. 莱芜区凤城街道\n3. 平阴县榆山街道" in answer


def test_it_takes_the_number_for_the_place(stage: Stage) -> None:
    citizen = begun(stage)
    citizen.says("西关社区楼下一堆垃圾")

    answer = citizen.says("2")
    citizen.says("完成")

    assert "材料齐了" in answer
    (case,) = stage.cases()
    assert case.street == "370116001"
    assert case.lead is not None
    assert case.lead.unit_code == "370116001"


def test_it_sends_a_finished_report_on_as_soon_as_the_street_is_told(stage: Stage) -> None:
    citizen = begun(stage)
    citizen.says("西关社区楼下一堆垃圾")
    asked = citizen.says("完成")

    answer = citizen.says("3")

    assert "是哪一个" in asked
    assert "已受理" in answer
    assert stage.cases()[0].street == "370124001"


def test_it_lets_a_dispatcher_choose_when_nobody_answers(stage: Stage) -> None:
    dispatcher, citizen = stage.dispatcher(), begun(stage)
    citizen.says("西关社区楼下一堆垃圾")
    citizen.says("完成")
    citizen.says("完成")

    asked = dispatcher.hears()[-1]

    assert "1. 济阳街道" in asked
    assert "2. 凤城街道" in asked
    assert stage.cases()[0].lead is None


def test_it_asks_nothing_where_the_district_or_a_pin_tells(stage: Stage) -> None:
    with_district, with_pin = begun(stage), begun(stage)

    told = with_district.says("平阴县西关社区楼下一堆垃圾")
    with_pin.place(36.2892, 116.4560, "西关社区")
    pinned = with_pin.says("西关社区楼下一堆垃圾")

    assert "哪一个" not in told + pinned
