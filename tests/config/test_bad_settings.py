"""One bad config.yaml per mistake: each stops the start with file, key and reason, and shows no secret."""

import logging
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.installation import install
from bot.settings import BadSettings, duration, load_settings
from tests.conftest import write_config

POSTGRES = "postgresql+psycopg://bot:pa55-of-database@127.0.0.1/none"
REDIS = "redis://:pa55-of-redis@127.0.0.1:1/0"
APP_SECRET, TOKEN = "app-53cret", "t0ken-words"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
SECRETS = ("pa55-of-database", "pa55-of-redis", APP_SECRET, TOKEN, AES_KEY)

Change = Callable[[dict[str, Any]], object]


def good(folder: Path) -> Path:
    """A file in which nothing is wrong, with secrets that can be recognised."""
    file = write_config(folder, POSTGRES, REDIS)
    tree = yaml.safe_load(file.read_text(encoding="utf-8"))
    tree["accounts"][0] |= {"app_secret": APP_SECRET, "token": TOKEN, "aes_key": AES_KEY}
    return write(file, tree)


def write(file: Path, tree: object) -> Path:
    file.write_text(yaml.safe_dump(tree, allow_unicode=True), encoding="utf-8")
    return file


def spoilt(folder: Path, change: Change) -> str:
    """What is said about the good file after one change."""
    file = good(folder)
    tree = yaml.safe_load(file.read_text(encoding="utf-8"))
    change(tree)
    return refusal(write(file, tree))


def refusal(file: Path) -> str:
    with pytest.raises(BadSettings) as raised:
        load_settings(file)
    words = str(raised.value)
    assert words.startswith(str(file))
    # The context is what a traceback would print besides.
    assert raised.value.__cause__ is None
    assert raised.value.__context__ is None or raised.value.__suppress_context__
    assert not [secret for secret in SECRETS if secret in words]
    return words


def account(**changes: object) -> Change:
    return lambda tree: tree["accounts"][0].update(changes)


def top(**changes: object) -> Change:
    return lambda tree: tree.update(changes)


def clock(duty: str, **changes: object) -> Change:
    return lambda tree: tree["clocks"][duty].update(changes)


def missing(*where: str | int) -> Change:
    def remove(tree: Any) -> None:
        for key in where[:-1]:
            tree = tree[key]
        del tree[where[-1]]

    return remove


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (top(acounts=[]), "acounts"),
        (account(secret="x"), "accounts.0.secret"),
        (top(web={"prot": 1}), "web.prot"),
        (top(draft={"quite": "2m"}), "draft.quite"),
        (top(duplicates={"meters": 5}), "duplicates.meters"),
        (top(quiet_hours={"start": "22:00"}), "quiet_hours.start"),
        (top(delivery={"leaze": "90s"}), "delivery.leaze"),
        (lambda tree: tree["clocks"].update(clam={}), "clocks.clam"),
        (clock("claim", withn="1h"), "clocks.claim.withn"),
        (lambda tree: tree["clocks"]["claim"]["remind"][0].update(who=[]), "clocks.claim.remind.0.who"),
    ],
)
def test_it_refuses_an_unknown_key_at_every_level(change: Change, key: str, tmp_path: Path) -> None:
    words = spoilt(tmp_path, change)

    assert f": {key}: Extra inputs are not permitted" in words


@pytest.mark.parametrize(
    ("change", "key", "reason"),
    [
        (missing("database"), "database", "Field required"),
        (missing("accounts", 0, "token"), "accounts.0.token", "Field required"),
        (missing("clocks", "verify"), "clocks.verify", "Field required"),
        (top(accounts=[]), "(whole file)", "at least one account"),
        (lambda tree: tree["accounts"].append(tree["accounts"][0]), "(whole file)", "each with its own key"),
        (lambda tree: tree["accounts"].append({**tree["accounts"][0], "key": "b"}), "(whole file)", "its own app_id"),
        (account(app_secret=""), "accounts.0.app_secret", "at least 1"),
        (account(token=""), "accounts.0.token", "at least 1"),
        (account(token=12345678), "accounts.0.token", "valid string"),
        (account(aes_key="too-short"), "accounts.0.aes_key", "43 characters"),
        (account(aes_key="A" * 42), "accounts.0.aes_key", "43 characters"),
        (account(aes_key="=" * 43), "accounts.0.aes_key", "43 characters"),
        (account(key="Jinan!"), "accounts.0.key", "part of the webhook's address"),
        (account(platform="citizen"), "accounts.0.platform", "is no platform; there are citizen_patrol"),
        (account(api_base_url="api.weixin.qq.com"), "accounts.0.api_base_url", "must start with https://"),
        (account(api_base_url="https://"), "accounts.0.api_base_url", "name a host"),
        (top(web={"public_url": "bot.example.cn"}), "web.public_url", "must start with https://"),
        (top(web={"public_url": "https://bot.example.cn:80000/"}), "web.public_url", "Port out of range"),
        (account(template_fields={"thing1": "titel"}), "accounts.0.template_fields.thing1", "'title'"),
        (account(subscription_fields={"thing1": "x"}), "accounts.0.subscription_fields.thing1", "'title'"),
        (top(database="mysql://bot:pa55-of-database@h/n"), "database", "postgresql+psycopg://"),
        (top(database="postgresql://bot:pa55-of-database@h/n"), "database", "postgresql+psycopg://"),
        (top(database="pa55-of-database"), "database", "sqlite:///FILE"),
        (top(redis="amqp://:pa55-of-redis@h"), "redis", "redis://HOST"),
        (top(timezone="Asia/Jinan"), "timezone", "is no time zone"),
        (top(timezone="Asia"), "timezone", "is no time zone"),
        (top(timezone="../etc/passwd"), "timezone", "is no time zone"),
        (top(draft={"quiet": "2 minutes"}), "draft.quiet", "is not a duration"),
        (top(draft={"quiet": "0"}), "draft.quiet", "longer than nothing"),
        (top(draft={"quiet": "-2m"}), "draft.quiet", "longer than nothing"),
        (top(draft={"quiet": "999999999d"}), "draft.quiet", "longer than ten years"),
        (top(quiet_hours={"begin": 1320}), "quiet_hours.begin", 'write "22:00" with quotes'),
        (top(quiet_hours={"begin": "25:00"}), "quiet_hours.begin", "hour must be in 0..23"),
        (top(web={"port": 70000}), "web.port", "less than or equal to 65535"),
        (top(web={"port": "8000"}), "web.port", "valid integer"),
        (top(web={"threads": 0}), "web.threads", "greater than or equal to 1"),
        (top(web={"answer_within": "5s"}), "web", "less than the 5 s WeChat waits"),
        (top(delivery={"ladder": ["sms"]}), "delivery.ladder.0", "'custom'"),
        (top(delivery={"ladder": []}), "delivery.ladder", "at least 1"),
        (top(delivery={"retry": []}), "delivery.retry", "at least 1"),
        (top(delivery={"lease": "5s"}), "delivery", "lease must be 60s or more"),
        (top(sure_from=1.5), "sure_from", "less than or equal to 1"),
        (top(log_level="LOUD"), "log_level", "'INFO'"),
        (clock("claim", remind=[{"at": "-1h", "tell": ["officers"]}]), "clocks.claim", "needs a step `at: 0`"),
        (clock("claim", remind=[{"at": 0, "tell": ["boss"]}]), "clocks.claim.remind.0.tell.0", "'officers'"),
        (clock("claim", remind=[{"at": 0, "tell": []}]), "clocks.claim.remind.0.tell", "at least 1"),
        (clock("claim", within="0"), "clocks.claim.within", "longer than nothing"),
        (clock("rectify", repeat="0"), "clocks.rectify.repeat", "longer than nothing"),
    ],
)
def test_it_names_the_key_and_the_reason(change: Change, key: str, reason: str, tmp_path: Path) -> None:
    words = spoilt(tmp_path, change)

    assert re.search(rf": {re.escape(key)}: .*{re.escape(reason)}", words)


@pytest.mark.parametrize("where", ["app_secret", "token", "aes_key"])
def test_it_refuses_a_secret_given_twice(where: str, tmp_path: Path) -> None:
    words = spoilt(tmp_path, account(**{f"{where}_file": "somewhere"}))

    assert f"accounts.0.{where}_file: give {where} or {where}_file, not both" in words


@pytest.mark.parametrize(
    ("content", "reason"),
    [(None, "No such file or directory"), (b" \n", "is empty"), (b"\xff\xfe", "is not UTF-8")],
)
def test_it_refuses_a_secret_file_it_cannot_use(content: bytes | None, reason: str, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "the-secret").write_bytes(content)

    words = spoilt(tmp_path, lambda tree: (tree.pop("database"), tree.update(database_file="the-secret")))

    assert f": database_file: {'cannot read ' if content is None else ''}{tmp_path / 'the-secret'}" in words
    assert reason in words


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"redis: a\nredis: b\n", "line 2: redis stands twice"),
        (b"web:\n  port: 1\n  port: 2\n", "line 3: port stands twice"),
        (b"- a\n- b\n", "must hold `key: value` lines"),
        (b"", "must hold `key: value` lines"),
        (b"\xff\xfe\x00", "is not UTF-8"),
        (b"a: \x00", "ReaderError"),
        (b"token: 't0ken-words\n", "not valid YAML: found unexpected end of stream"),
        (b"token: t0ken-words: x\n", "line 1, column 19: not valid YAML: mapping values are not allowed here"),
        (b"token: *t0ken-words\n", "not valid YAML: ComposerError"),
        (b"token: !t0ken-words x\n", "not valid YAML: ConstructorError"),
    ],
)
def test_it_refuses_a_broken_file_without_quoting_it(text: bytes, reason: str, tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_bytes(text)

    assert reason in refusal(file)


def test_it_refuses_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert refusal(tmp_path / "nowhere.yaml").endswith("cannot be read: No such file or directory")


def test_it_never_prints_a_secret(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    settings = load_settings(good(tmp_path))
    installation = install(settings)
    logging.getLogger("test").info("%s %s", settings, installation)

    shown = [
        repr(settings), str(settings), settings.model_dump_json(), repr(installation), repr(installation.doors),
        repr(installation.database.engine), repr(installation.redis), caplog.text,
    ]  # fmt: skip

    assert not [secret for secret in SECRETS if any(secret in words for words in shown)]


def test_it_reads_secrets_and_paths_beside_the_file(tmp_path: Path) -> None:
    file = good(tmp_path)
    (tmp_path / "token.txt").write_text(f"{TOKEN}\n")
    tree = yaml.safe_load(file.read_text(encoding="utf-8"))
    del tree["accounts"][0]["token"]
    tree["accounts"][0]["token_file"] = "token.txt"
    tree |= {"photos": "pictures", "database": "sqlite:///here.db"}

    settings = load_settings(write(file, tree))

    assert settings.accounts[0].token.get_secret_value() == TOKEN
    assert settings.photos == tmp_path / "pictures"
    assert settings.database.get_secret_value() == f"sqlite:///{tmp_path / 'here.db'}"


@pytest.mark.parametrize(
    ("words", "seconds"),
    [("90s", 90), ("1h30m", 5400), ("-2h", -7200), ("0", 0), (0, 0), ("2d", 172800), ("0.5s", 0.5)],
)
def test_it_reads_durations(words: object, seconds: float) -> None:
    assert duration(words).total_seconds() == seconds


@pytest.mark.parametrize("words", ["", "5", "h", "1h 30m", "1w", "--1h", "1.h", "١h", None])
def test_it_refuses_what_is_no_duration(words: object) -> None:
    with pytest.raises(ValueError, match="is not a duration"):
        duration(words)
