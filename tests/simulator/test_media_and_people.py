"""素材、二维码、菜单、用户信息."""

from __future__ import annotations

import io
import time
from pathlib import Path

import pytest
import requests
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

from simulator.client import Faults, Person
from simulator.samples import SAMPLES
from simulator.settings import Limits
from tests.simulator.wechat_stage import LI, Api, Start, Webhook, connect

SEND = "/cgi-bin/message/custom/send"


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, "JPEG")
    return out.getvalue()


def upload(api: Api, content: bytes) -> dict[str, object]:
    query = {"access_token": api.token, "type": "image"}
    answer = requests.post(
        api.url + "/cgi-bin/media/upload", params=query, files={"media": ("a.jpg", content)}, timeout=5
    )
    return dict(answer.json())


def test_it_gives_an_uploaded_picture_back_and_sends_it(api: Api, li: Person) -> None:
    li.says("在吗")
    media_id = str(upload(api, jpeg())["media_id"])

    sent = api.post(SEND, {"touser": LI, "msgtype": "image", "image": {"media_id": media_id}})
    got = api.get("/cgi-bin/media/get", media_id=media_id)

    assert sent["errcode"] == 0
    assert (got.content, got.headers["Content-Type"]) == (jpeg(), "image/jpeg")
    assert li.last().picture == f"/sim/media/{media_id}"


@pytest.mark.parametrize(
    ("content", "errcode"), [(b"", 41005), (b"%PDF-1.7", 40004), (b"\xff\xd8\xff" + bytes(3000), 45001)]
)
def test_it_refuses_what_is_no_picture_or_too_large(start: Start, content: bytes, errcode: int) -> None:
    api = connect(start(Limits(media_bytes=2000)))

    assert upload(api, content)["errcode"] == errcode


def test_it_forgets_media_after_three_days(start: Start) -> None:
    api = connect(start(Limits(media_seconds=0.1)))
    media_id = str(upload(api, jpeg())["media_id"])

    time.sleep(0.15)

    assert api.get("/cgi-bin/media/get", media_id=media_id).json()["errcode"] == 40007


def test_it_loses_a_medium_by_fault(api: Api) -> None:
    media_id = str(upload(api, jpeg())["media_id"])
    Faults(api.url).add("media_gone", count=1)

    first, second = (api.get("/cgi-bin/media/get", media_id=media_id) for _ in range(2))

    assert (first.json()["errcode"], second.content) == (40007, jpeg())


def test_it_takes_a_photo_from_disk(li: Person, tmp_path: Path) -> None:
    file = tmp_path / "a.jpg"
    file.write_bytes(jpeg())

    outcome = li.sends_photo(file)

    assert outcome.outcome == "accepted"
    assert li.last().picture.startswith("/sim/media/")


def test_it_draws_samples_that_differ_and_carry_date_and_place(api: Api) -> None:
    pictures = {name: requests.get(f"{api.url}/sim/samples/{name}", timeout=5).content for name in SAMPLES}

    exif = Image.open(io.BytesIO(pictures["pothole"])).getexif()

    assert len(set(pictures.values())) == len(SAMPLES) >= 10
    assert exif[Base.DateTime][:2] == "20"
    assert exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitude][0] == 36


def test_it_gives_a_qr_code_whose_ticket_comes_back_with_the_scan(api: Api, li: Person, webhook: Webhook) -> None:
    del webhook
    scene = {"action_name": "QR_STR_SCENE", "expire_seconds": 600, "action_info": {"scene": {"scene_str": "bind-1"}}}

    answer = api.post("/cgi-bin/qrcode/create", scene)
    picture = requests.get(api.url + "/cgi-bin/showqrcode", params={"ticket": answer["ticket"]}, timeout=5)

    assert (answer["expire_seconds"], picture.headers["Content-Type"]) == (600, "image/png")
    assert li.scans("bind-1").outcome == "accepted"


def test_it_tells_no_nickname(api: Api) -> None:
    answer = api.get("/cgi-bin/user/info", openid=LI).json()

    assert (answer["subscribe"], "nickname" in answer) == (1, False)


def test_it_keeps_a_menu_until_it_is_deleted(api: Api) -> None:
    menu = {"button": [{"type": "click", "name": "我要上报", "key": "REPORT"}]}
    api.post("/cgi-bin/menu/create", menu)
    shown = api.get("/cgi-bin/menu/get").json()

    api.get("/cgi-bin/menu/delete")

    assert shown == {"menu": menu}
    assert api.get("/cgi-bin/menu/get").json()["errcode"] == 46003
