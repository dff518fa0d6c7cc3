"""A version learnt from sentences and labelled reports: what it adds, and when there is nothing to add."""

import random
from pathlib import Path

import pytest

from routing.finding import Finding
from routing.pack import Pack
from routing.router import Router
from routing.strict import PackError
from routing.table import COLUMNS, Example
from routing.training import (
    LEARNING,
    OWN_AT_LEAST,
    REPORTS,
    WEIGHTS,
    NothingLearned,
    Sentence,
    Trained,
    fit_lexicon,
    read_reports,
    read_sentences,
    train_version,
)
from routing.training import SENTENCES as SENTENCES_FOLDER
from routing.what.learned import NO_PROBLEM

RUBBISH, BIKES, LIGHT, NOISE, STALLS = "event:06010", "event:09011", "part:01037", "event:06028", "event:09006"
GIVEN = dict.fromkeys(COLUMNS, "")
LIXIA, DIANLIU = "370102", "370102009"
# Words nobody says and no lexicon knows, so that whatever is heard in them was learnt.
INVENTED = {RUBBISH: "腌臜坨", BIKES: "两轮驹", LIGHT: "夜明杆", NOISE: "嗡嘤怪", STALLS: "挑担客"}
PLAIN = {RUBBISH: "一堆垃圾", BIKES: "共享单车乱停", LIGHT: "路灯不亮", NOISE: "噪音扰民", STALLS: "占道经营"}
UNITS = {RUBBISH: DIANLIU, BIKES: "dept-urban", LIGHT: "dept-urban", NOISE: "dept-police", STALLS: DIANLIU}
BEFORE = ("门前", "楼下", "拐角", "对面", "南头", "北头")
AFTER = ("又来了", "好几天了", "请来看看", "谁来问问", "不得安宁", "从早到晚", "看着心烦", "今天还在", "年年如此",
         "老人难走", "不止一处", "越来越多")  # fmt: skip
SENTENCES: list[Sentence] = [
    (f"{BEFORE[n % 6]}{word}{after}", category)
    for category, word in INVENTED.items()
    for n, after in enumerate(AFTER)
]


def reports(words: dict[str, str]) -> list[Example]:
    """Twelve reports of each category from 甸柳新村街道, with one word for each."""
    return [
        Example(
            Finding(text=f"甸柳新村街道{BEFORE[-1 - n % 6]}{word}{after}"), category, LIXIA, DIANLIU, UNITS[category]
        )
        for category, word in words.items()
        for n, after in enumerate(AFTER)
    ]


def learn(pack: Pack, sentences: list[Sentence], examples: list[Example]) -> Trained:
    return train_version(pack, sentences, examples, lambda words: None)


@pytest.fixture(scope="module")
def trained(jinan: Pack) -> Trained:
    return learn(jinan, SENTENCES, reports(INVENTED))


def test_it_understands_words_the_lexicon_does_not_know(jinan: Pack, trained: Trained) -> None:
    finding = Finding(text="甸柳新村街道学校西边夜明杆三天了")

    plain, learned = Router(jinan).decide(finding), Router(jinan, trained.learned).decide(finding)

    assert (plain.category, plain.model) == (None, "")
    assert (learned.category, learned.unit, learned.model) == (LIGHT, "dept-urban", trained.learned.version)
    assert "学到的“" in learned.words()


def test_it_tells_how_well_it_did_on_reports_it_had_not_seen(trained: Trained) -> None:
    assert (trained.sentences, trained.reports) == (len(SENTENCES), 60)
    assert len(trained.unseen.judged) == len(trained.lexicon.judged) == 60
    assert trained.lexicon.category_accuracy == 0.0
    assert trained.unseen.category_accuracy > 0.9
    assert trained.unseen.unit_accuracy > 0.9


def test_it_reads_confidence_off_the_curve_it_learnt(trained: Trained) -> None:
    curve = trained.learned.curve

    assert trained.learned.weight in WEIGHTS
    assert all(one.decision.confidence == curve.at(one.decision.raw) for one in trained.unseen.judged)
    assert trained.unseen.advised is not None


def test_it_is_surer_of_a_category_it_was_taught_than_of_thanks(jinan: Pack) -> None:
    thanks = [(f"谢谢{words}", NO_PROBLEM) for words in ("师傅", "各位", "领导", "你们", "大家", "回复")]
    router = Router(jinan, learn(jinan, [*SENTENCES, *thanks], reports(INVENTED)).learned)

    said = [router.decide(Finding(text=f"甸柳新村街道{words}")).raw for words in ("谢谢师傅们", "对面挑担客今天还在")]

    assert said[0] < said[1] / 2


def test_it_learns_the_same_whatever_the_order(jinan: Pack, trained: Trained) -> None:
    examples = reports(INVENTED)
    dice = random.Random(5)

    other = learn(jinan, dice.sample(SENTENCES, len(SENTENCES)), dice.sample(examples, len(examples)))

    assert other.learned.to_bytes() == trained.learned.to_bytes()
    assert other.unseen.unit_accuracy == trained.unseen.unit_accuracy


def test_it_says_what_it_is_doing(jinan: Pack) -> None:
    said: list[str] = []

    train_version(jinan, SENTENCES, reports(INVENTED), said.append)

    assert said == [*(f"judging: part {n} of 4" for n in (1, 2, 3, 4)), "learning from everything"]


@pytest.mark.parametrize("count", [0, 1, OWN_AT_LEAST - 1])
def test_it_learns_nothing_from_too_few_reports(jinan: Pack, count: int) -> None:
    with pytest.raises(NothingLearned, match=f"^{count} labelled reports are too few: at least {OWN_AT_LEAST}"):
        learn(jinan, SENTENCES, reports(INVENTED)[:count])


def test_it_learns_nothing_where_the_lexicon_does_as_well(jinan: Pack) -> None:
    with pytest.raises(NothingLearned, match="the lexicon alone does as well"):
        learn(jinan, SENTENCES, reports(PLAIN))


def test_it_is_not_taken_in_by_a_report_that_came_many_times(jinan: Pack) -> None:
    others = [(text, label) for text, label in SENTENCES if label in (NOISE, LIGHT)]
    one = reports(INVENTED)[0]

    with pytest.raises(NothingLearned, match="the lexicon alone does as well"):
        learn(jinan, others, [one] * 60)


def test_it_learns_nothing_from_one_category(jinan: Pack) -> None:
    with pytest.raises(NothingLearned):
        learn(jinan, [], [one for one in reports(INVENTED) if one.category == RUBBISH] * 5)


def test_it_calibrates_the_lexicon_alone_on_what_it_decides(jinan: Pack) -> None:
    right, wrong = reports(PLAIN), [Example(one.finding, RUBBISH, LIXIA, DIANLIU, "cmd") for one in reports(PLAIN)]

    believed, doubted = fit_lexicon(jinan, right), fit_lexicon(jinan, wrong)

    assert believed.at(0.9) > 0.9
    assert doubted.at(0.9) < 0.2


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A pack's folder with one report to learn from and no sheets of sentences yet."""
    (tmp_path / REPORTS / SENTENCES_FOLDER).mkdir(parents=True)
    report = GIVEN | {"text": "夜明杆不亮了", "category": LIGHT, "unit": "dept-urban"}
    lines = ["\t".join(COLUMNS), "\t".join(report[column] for column in COLUMNS)]
    (tmp_path / REPORTS / LEARNING).write_text("\n".join(lines), "utf-8")
    return tmp_path


def sheet(folder: Path, name: str, *lines: str) -> None:
    (folder / REPORTS / SENTENCES_FOLDER / name).write_text("".join(f"{line}\n" for line in lines), "utf-8")


def test_it_reads_the_sentences_of_every_sheet_and_then_the_reports(jinan: Pack, folder: Path) -> None:
    sheet(folder, "b.tsv", f"{LIGHT}\t夜里一片黑")
    sheet(folder, "a.tsv", f"{RUBBISH}\t苍蝇嗡嗡的", f"{NO_PROBLEM}\t谢谢\t师傅")

    sentences = read_sentences(folder, jinan)

    assert sentences == [
        ("苍蝇嗡嗡的", RUBBISH), ("谢谢\t师傅", NO_PROBLEM), ("夜里一片黑", LIGHT), ("夜明杆不亮了", LIGHT),
    ]  # fmt: skip


def test_it_reads_a_table_of_the_pack_by_its_name(jinan: Pack, folder: Path) -> None:
    (example,) = read_reports(folder, jinan, LEARNING)

    assert (example.finding.text, example.category, example.unit) == ("夜明杆不亮了", LIGHT, "dept-urban")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("event:99999\t什么", "'event:99999' is no category"),
        ("苍蝇嗡嗡的", "is no category"),
        ("\t苍蝇", "'' is no category"),
    ],
)
def test_it_names_the_line_that_has_no_label(jinan: Pack, folder: Path, line: str, reason: str) -> None:
    sheet(folder, "a.tsv", f"{RUBBISH}\t苍蝇嗡嗡的", line)

    with pytest.raises(PackError, match=rf"^sentences/a\.tsv:2: .*{reason}"):
        read_sentences(folder, jinan)
