"""Media of WeCom (企业微信素材): upload a picture, fetch what a member sent."""

from __future__ import annotations

from flask import Response

from simulator.api.call import Answer, Call
from simulator.errors import Refused
from simulator.media import sniff


def upload(call: Call) -> Answer:
    """上传临时素材: pictures only; 40004 for another kind, 44001 without a file, 45001 over the size."""
    if call.query.get("type") != "image":
        raise Refused(40004)
    content = call.files.get("media", b"")
    if not content:
        raise Refused(44001)
    if len(content) > call.world.limits.media_bytes:
        raise Refused(45001)
    if not sniff(content).startswith("image/"):
        raise Refused(40004)
    media = call.world.media.put(call.corp.key, content, call.now)
    # A text here and a number in the Official Account's answer: so the documents have it.
    return {"type": "image", "media_id": media.media_id, "created_at": str(media.created_at)}


def get(call: Call) -> Answer:
    """获取临时素材: the bytes themselves, not JSON, unless refused."""
    media = call.world.media.get(call.corp.key, call.query.get("media_id", ""), call.now)
    path = call.world.media.path(media)
    headers = {"Content-Disposition": f'attachment; filename="{path.name}"'}
    return Response(path.read_bytes(), content_type=media.content_type, headers=headers)
