"""创城媒体监督: articles as they are shared, and what units promise."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.article import Article, pledge, read
from handlers.reading.article import place as where

TODAY = date(2026, 11, 23)  # a Monday
OUTLETS = {"e23.cn": "舜网", "jnnews.tv": "济南电视台", "dzwww.com": "大众网", "ql1d.com": "齐鲁壹点"}


def test_it_reads_a_link_message() -> None:
    article = read(
        "【曝光台】解放路垃圾成堆没人管",
        "来源:济南日报 2026-11-20 记者在解放路看到,垃圾堆了一人高。",
        "https://www.e23.cn/2026-11/20/content_1.html",
        "",
        TODAY,
        OUTLETS,
    )

    assert article == Article(
        title="【曝光台】解放路垃圾成堆没人管",
        url="https://www.e23.cn/2026-11/20/content_1.html",
        outlet="济南日报",
        column="曝光台",
        published_on=date(2026, 11, 20),
        words="【曝光台】解放路垃圾成堆没人管\n来源:济南日报 2026-11-20 记者在解放路看到,垃圾堆了一人高。",
    )


def test_it_reads_words_with_an_address_in_them() -> None:
    article = read(
        "", "", "", "昨日济南电视台《都市新女报》栏目曝光山师东街占道经营 http://jnnews.tv/a/1?x=1", TODAY, OUTLETS
    )

    assert article == Article(
        title="昨日济南电视台《都市新女报》栏目曝光山师东街占道经营",
        url="http://jnnews.tv/a/1?x=1",
        outlet="济南电视台",
        column="都市新女报",
        published_on=date(2026, 11, 22),
        words="昨日济南电视台《都市新女报》栏目曝光山师东街占道经营",
    )


@pytest.mark.parametrize(
    ("words", "outlet"),
    [
        ("来源:济南日报", "济南日报"),
        ("(来源：齐鲁晚报·齐鲁壹点)", "齐鲁晚报·齐鲁壹点"),
        ("转自：生活日报 记者张三", "生活日报"),
        ("【济南日报】解放路垃圾成堆", "济南日报"),
        ("[大众日报] 解放路垃圾成堆", "大众日报"),
        ("据济南时报今天报道,解放路垃圾成堆", "济南时报"),
        ("今天的济南日报刊登了解放路的事", "济南日报"),
        ("济南电视台《一枝一叶》栏目昨晚播出", "济南电视台"),
        ("解放路垃圾成堆 - 舜网", "舜网"),
        ("http://news.e23.cn/a.html", "舜网"),
        ("https://www.dzwww.com:8080/a", "大众网"),
        ("https://user@sd.dzwww.com/a", "大众网"),
        ("https://example.com/a", ""),
        ("http://[", ""),
        ("【曝光】解放路垃圾成堆", ""),
        ("解放路报亭占道", ""),
    ],
)
def test_it_finds_the_outlet(words: str, outlet: str) -> None:
    article = read("", "", "", words, TODAY, OUTLETS)

    assert article.outlet == outlet


@pytest.mark.parametrize(
    ("words", "published"),
    [
        ("11月20日济南日报", date(2026, 11, 20)),
        ("2026年11月20日", date(2026, 11, 20)),
        ("２０２６－１１－２０", date(2026, 11, 20)),
        ("2026/11/9 第3版", date(2026, 11, 9)),
        ("12月30日刊发", date(2025, 12, 30)),
        ("十一月二十日见报", date(2026, 11, 20)),
        ("今日见报", TODAY),
        ("昨日见报", date(2026, 11, 22)),
        ("前天见报", date(2026, 11, 21)),
        ("20日见报", date(2026, 11, 20)),
        ("25日见报", date(2026, 10, 25)),
        ("11月20日见报,要求11月25日前整改", date(2026, 11, 20)),
        ("11月10日前整改", None),
        ("2027年1月1日", None),
        ("2月30日", None),
        ("http://e23.cn/202611/t20261119_12345.html", date(2026, 11, 19)),
        ("http://e23.cn/20261119/1.html 今日见报", TODAY),
        ("解放路20号楼垃圾成堆", None),
        ("没有日期", None),
    ],
)
def test_it_finds_the_day_it_came_out(words: str, published: date | None) -> None:
    article = read("", "", "", words, TODAY, OUTLETS)

    assert article.published_on == published


@pytest.mark.parametrize(
    ("words", "column", "title"),
    [
        ("济南电视台《一枝一叶》栏目昨晚播出", "一枝一叶", "济南电视台《一枝一叶》栏目昨晚播出"),
        ("济南日报《解放路垃圾围城》,《民生》专栏", "民生", "解放路垃圾围城"),
        ("栏目:问政山东\n解放路垃圾", "问政山东", "栏目:问政山东"),
        ("【啄木鸟在行动】解放路垃圾", "啄木鸟在行动", "【啄木鸟在行动】解放路垃圾"),
        ("解放路垃圾", "", "解放路垃圾"),
    ],
)
def test_it_finds_column_and_title(words: str, column: str, title: str) -> None:
    article = read("", "", "", words, TODAY)

    assert (article.column, article.title) == (column, title)


@pytest.mark.parametrize(
    ("text", "who", "by"),
    [
        ("承诺:由李某负责,11月30日前整改完", "李某", date(2026, 11, 30)),
        ("李主任 11月30日前整改完", "李主任", date(2026, 11, 30)),
        ("城管局王科长11月30日前清理完毕", "城管局王科长", date(2026, 11, 30)),
        ("责任人：张三，月底前完成", "张三", date(2026, 11, 30)),
        ("承诺人:张三;12月5日前完成", "张三", date(2026, 12, 5)),
        ("由解放路街道办事处牵头，三天内整改到位", "解放路街道办事处", date(2026, 11, 26)),
        ("刘队长负责,本周五前完成", "刘队长", date(2026, 11, 27)),
        ("张三 明天完成", "张三", date(2026, 11, 24)),
        ("环卫所负责 24小时内清运", "环卫所", date(2026, 11, 24)),
        ("整改承诺：由赵六负责，2026-12-01前完成", "赵六", date(2026, 12, 1)),
        ("市中区城管局 下周三前", "市中区城管局", date(2026, 12, 2)),
        ("负责人:孙主任,今天开始整改,12月1日前完成", "孙主任", date(2026, 12, 1)),
        ("5个工作日内由王经理落实", "王经理", date(2026, 11, 30)),
        ("钱七 1月10日前", "钱七", date(2027, 1, 10)),
        ("李四,28号前", "李四", date(2026, 11, 28)),
        ("吴局长 12月底前", "吴局长", date(2026, 12, 31)),
        ("郑站长 12.1前", "郑站长", date(2026, 12, 1)),
        ("立即整改", "", TODAY),
        ("马上整改,周五前完成", "", date(2026, 11, 27)),
        ("张三负责", "张三", None),
        ("十十个工作日内", "", TODAY),
        ("半个月内由周经理落实", "周经理", date(2026, 12, 8)),
        ("一定整改", "", None),
        ("", "", None),
    ],
)
def test_it_reads_who_promises_and_by_when(text: str, who: str, by: date | None) -> None:
    promise = pledge(text, TODAY)

    assert (promise.who, promise.by) == (who, by)


def test_it_keeps_the_promise_in_its_own_words() -> None:
    promise = pledge("承诺：由李某负责，11月30日前整改完。", TODAY)

    assert promise.words == "由李某负责，11月30日前整改完"


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("济南电视台《天下泉城》2026年11月19日播出：天桥区官扎营街道馆驿街污水横流", "天桥区官扎营街道馆驿街"),
        ("【民生调查】花园路共享单车堵了盲道", "花园路"),
        ("新黄河 11月20日 纬北路街道火车站广场黑车拉客", "纬北路街道火车站广场"),
        ("千佛山街道历山路人行道破损", "千佛山街道历山路"),
        ("在忙，晚点联系", ""),
    ],
)
def test_it_finds_where_it_happened_behind_who_published_it(words: str, place: str) -> None:
    assert where(words) == place


PIECES = st.sampled_from(
    ["来源:", "济南日报", "【", "】", "《", "》", "栏目", "http://", "e23.cn", "/",
     "[", "@", "11月20日", "2026-11-20", "昨日",
     "月底", "2月30日", "前", "内", "三", "十", "3", "99", "天", "小时", "工作日", "周", "下", "五",
     "由", "负责", "李主任", "承诺:", "\n", " ", "，"]
)  # fmt: skip
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=20).map("".join))
DAYS = st.dates(date(2001, 1, 1), date(2098, 12, 31))


@given(title=TEXTS, description=TEXTS, url=TEXTS, words=TEXTS, today=DAYS)
def test_it_reads_any_article(title: str, description: str, url: str, words: str, today: date) -> None:
    article = read(title, description, url, words, today, OUTLETS)

    assert article.published_on is None or article.published_on <= today
    assert article.url == (url.strip() or article.url)


@given(text=TEXTS, today=DAYS)
def test_it_reads_any_promise(text: str, today: date) -> None:
    promise = pledge(text, today)

    assert promise.words in text
    assert promise.by is None or isinstance(promise.by, date)
