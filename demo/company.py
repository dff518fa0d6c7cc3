"""演示企业: the company in the demo's 企业微信: an app that officers are reached by, and a group with a bot in it."""

from typing import Any

from demo.cast import CREW, WORK

_CORP_ID, _AGENT_ID = "wwdemo0000000000", 1000002
BOT_NAME = "创城督导"


def ours(simulator_url: str) -> dict[str, Any]:
    """The sections of config.yaml."""
    app = {
        "key": WORK,
        "platform": "citizen_photo",
        "corp_id": _CORP_ID,
        "agent_id": _AGENT_ID,
        "secret_file": "secrets/work-secret",
        "token_file": "secrets/work-token",
        "aes_key_file": "secrets/work-aes-key",
        "api_base_url": simulator_url,
    }
    bot = {
        "key": CREW,
        "platform": "traffic_volunteer",
        "name": BOT_NAME,
        "wecom": WORK,
        "token_file": "secrets/crew-token",
        "aes_key_file": "secrets/crew-aes-key",
        "api_base_url": simulator_url,
    }
    return {"wecom": [app], "groups": [bot]}


def simulators(web_url: str, keys: dict[str, str]) -> dict[str, Any]:
    """The sections of the simulator's settings."""
    corp = {
        "key": WORK,
        "name": "泉城创城督导",
        "corp_id": _CORP_ID,
        "agent_id": _AGENT_ID,
        "secret": keys["work-secret"],
        "token": keys["work-token"],
        "aes_key": keys["work-aes-key"],
        "webhook": f"{web_url}/wecom/{WORK}",
    }
    group = {
        "key": CREW,
        "name": "甸柳文明交通群",
        "corp": WORK,
        "bot": BOT_NAME,
        "bot_id": "aibdemo0000000000",
        "token": keys["crew-token"],
        "aes_key": keys["crew-aes-key"],
        "webhook": f"{web_url}/group/{CREW}",
    }
    return {"corps": [corp], "groups": [group]}
