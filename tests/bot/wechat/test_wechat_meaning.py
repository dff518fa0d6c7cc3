from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wechat.fields import read_fields
from bot.wechat.meaning import to_message
from handlers.message import Kind, Media, Message, Pin

RECEIVED = datetime(2025, 5, 20, 8, 0, 9, tzinfo=UTC)
SENT = datetime(2025, 5, 20, 8, 0, tzinfo=UTC)
HEAD = (
    "<ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[o1]]></FromUserName>"
    "<CreateTime>1747728000</CreateTime>"
)


def meant(body: str) -> Message:
    return to_message("oa", read_fields(f"<xml>{HEAD}{body}</xml>"), RECEIVED)


def message(kind: Kind, **said: Any) -> Message:
    return Message(kind=kind, account="oa", sender="o1", sent_at=SENT, **said)


def said(kind: str, body: str) -> str:
    return f"<MsgType><![CDATA[{kind}]]></MsgType>{body}<MsgId>77</MsgId>"


def event(name: str, body: str = "") -> str:
    return f"<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[{name}]]></Event>{body}"


def key(value: str) -> str:
    return f"<EventKey><![CDATA[{value}]]></EventKey>"


POPUP = (
    "<SubscribeMsgPopupEvent>"
    "<List><TemplateId>A</TemplateId><SubscribeStatusString>accept</SubscribeStatusString></List>"
    "<List><TemplateId>B</TemplateId><SubscribeStatusString>reject</SubscribeStatusString></List>"
    "</SubscribeMsgPopupEvent>"
)
CASES: dict[str, tuple[str, Message]] = {
    "text": (
        said("text", "<Content><![CDATA[ 路灯\x07不亮 ]]></Content>"),
        message(Kind.TEXT, text="路灯不亮", msg_id="77"),
    ),
    "empty text": (said("text", "<Content></Content>"), message(Kind.TEXT, msg_id="77")),
    "tapped choice": (
        said("text", "<Content>满意</Content><bizmsgmenuid>1</bizmsgmenuid>"),
        message(Kind.TEXT, text="满意", msg_id="77", details={"bizmsgmenuid": "1"}),
    ),
    "photo": (
        said("image", "<PicUrl>http://mmbiz/0</PicUrl><MediaId>M</MediaId>"),
        message(Kind.PHOTO, photo=Media("M", "http://mmbiz/0"), msg_id="77"),
    ),
    "voice": (
        said("voice", "<MediaId>M</MediaId><Format>amr</Format>"),
        message(Kind.VOICE, msg_id="77", details={"MediaId": "M", "Format": "amr", "MsgId": "77"}),
    ),
    "short video": (
        said("shortvideo", "<MediaId>M</MediaId>"),
        message(Kind.VIDEO, msg_id="77", details={"MediaId": "M", "MsgId": "77"}),
    ),
    "place": (
        said("location", "<Location_X>36.66</Location_X><Location_Y>117.02</Location_Y><Label>经十路</Label>"),
        message(Kind.PLACE, pin=Pin(36.66, 117.02, "经十路"), msg_id="77"),
    ),
    "link": (
        said("link", "<Title>标题</Title><Description></Description><Url>http://a</Url>"),
        message(
            Kind.LINK,
            text="标题\nhttp://a",
            msg_id="77",
            details={"Title": "标题", "Description": "", "Url": "http://a"},
        ),
    ),
    "follow": (event("subscribe", key("")), message(Kind.FOLLOW)),
    "follow by code": (event("subscribe", key("qrscene_bind-7")), message(Kind.FOLLOW, scene="bind-7")),
    "follow by card": (event("subscribe", key("last_trade_no_1")), message(Kind.FOLLOW)),
    "unfollow": (event("unsubscribe", key("")), message(Kind.UNFOLLOW)),
    "scan": (event("SCAN", key("bind-7")), message(Kind.SCAN, scene="bind-7")),
    "menu": (event("CLICK", key("todo")), message(Kind.MENU, scene="todo")),
    "view": (
        event("VIEW", key("http://a")),
        message(Kind.NOTICE, details={"Event": "VIEW", "EventKey": "http://a"}),
    ),
    "position": (
        event("LOCATION", "<Latitude>36.6</Latitude>"),
        message(Kind.NOTICE, details={"Event": "LOCATION", "Latitude": "36.6"}),
    ),
    "template delivered": (
        event("TEMPLATESENDJOBFINISH", "<MsgID>5</MsgID><Status>success</Status>"),
        message(
            Kind.NOTICE,
            msg_id="5",
            details={"Event": "TEMPLATESENDJOBFINISH", "MsgID": "5", "Status": "success"},
        ),
    ),
    "subscription": (
        event("subscribe_msg_popup_event", POPUP),
        message(
            Kind.NOTICE,
            details={
                "Event": "subscribe_msg_popup_event",
                "TemplateId": "A",
                "SubscribeStatusString": "accept",
                "TemplateId.2": "B",
                "SubscribeStatusString.2": "reject",
            },
        ),
    ),
    "album": (
        event("pic_photo_or_album", "<SendPicsInfo><Count>1</Count></SendPicsInfo>"),
        message(Kind.NOTICE, details={"Event": "pic_photo_or_album", "Count": "1"}),
    ),
    "unknown type": (
        said("file", "<Title>a.pdf</Title>"),
        message(Kind.UNKNOWN, msg_id="77", details={"Title": "a.pdf", "MsgId": "77"}),
    ),
    "unknown event": (event("brand_new"), message(Kind.NOTICE, details={"Event": "brand_new"})),
}


@pytest.mark.parametrize(("body", "expected"), CASES.values(), ids=CASES)
def test_it_understands(body: str, expected: Message) -> None:
    assert meant(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        said("image", "<PicUrl>http://evil/0</PicUrl>"),
        said("location", "<Location_X>36.66</Location_X>"),
        said("location", "<Location_X>x</Location_X><Location_Y>y</Location_Y>"),
        said("location", "<Location_X>nan</Location_X><Location_Y>1</Location_Y>"),
        said("location", "<Location_X>117.02</Location_X><Location_Y>1e999</Location_Y>"),
        said("location", "<Location_X>117.02</Location_X><Location_Y>36.66</Location_Y>"),
        "",
    ],
    ids=["no media", "half a pin", "words", "nan", "infinite", "swapped", "nothing"],
)
def test_it_takes_odd_content_for_unknown(body: str) -> None:
    assert meant(body).kind is Kind.UNKNOWN


@pytest.mark.parametrize("when", ["", "soon", "-1", "0", "9" * 30, "1747999999999", 1e400, None, {}, []])
def test_it_takes_the_time_of_arrival_for_a_time_that_is_none(when: Any) -> None:
    assert to_message("oa", {"CreateTime": when}, RECEIVED).sent_at == RECEIVED


def test_it_reads_numbers_from_json() -> None:
    fields = {"FromUserName": "o1", "MsgType": "text", "CreateTime": 1747728000, "MsgId": 77, "Content": 12}

    assert to_message("oa", fields, RECEIVED) == message(Kind.TEXT, text="12", msg_id="77")


def test_it_keeps_details_within_bounds() -> None:
    fields = {"MsgType": "event", "Event": "x", "List": [{"A": "v" * 9000} for _ in range(500)]}

    details = to_message("oa", fields, RECEIVED).details

    assert len(details) == 40
    assert max(map(len, details.values())) == 500


LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9)
ODD = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=3), inner), max_leaves=6)
NAMES = ["MsgType", "Event", "EventKey", "FromUserName", "CreateTime", "MsgId", "Content", "MediaId"]
TYPES = st.sampled_from(["text", "image", "voice", "location", "link", "event"])


@given(st.dictionaries(st.sampled_from([*NAMES, "Location_X", "Location_Y", "Label"]), ODD), TYPES)
def test_it_makes_a_message_of_anything(fields: dict[str, Any], kind: str) -> None:
    for given_fields in (fields, {**fields, "MsgType": kind}):
        made = to_message("oa", given_fields, RECEIVED)
        assert isinstance(made.text, str)
        assert made.sent_at.tzinfo is not None
