from wechat_stage import Api, Webhook

from simulator.client import Person


def test_it_pushes_what_a_person_says_and_shows_what_the_account_says_later(
    webhook: Webhook, api: Api, li: Person
) -> None:
    outcome = li.says("甸柳新村门口有垃圾")

    errcode = api.say("收到，已派单")

    assert (outcome.outcome, errcode, len(webhook.got)) == ("accepted", 0, 1)
    assert li.hears("已派单").way == "custom"
