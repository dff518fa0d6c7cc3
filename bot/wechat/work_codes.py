"""企业微信返回码: the same numbers as the Official Account's, often with another meaning (facts: §2.3, §3.2)."""

from bot.wechat.errors import Family, Fate

WORK = Family(
    table={
        -1: (Fate.RETRY, "企业微信系统繁忙"),
        40001: (Fate.TOKEN, "Secret 无效"),
        40014: (Fate.TOKEN, "access_token 无效"),
        42001: (Fate.TOKEN, "access_token 已过期"),
        40003: (Fate.BROKEN_BINDING, "成员账号无效"),
        40007: (Fate.REFUSED, "media_id 无效或已过期"),
        40013: (Fate.ALARM, "企业 ID 无效"),
        40031: (Fate.BROKEN_BINDING, "成员账号无效"),
        40056: (Fate.ALARM, "应用 AgentId 无效"),
        40058: (Fate.REFUSED, "参数不合法"),
        42014: (Fate.REFUSED, "response_code 已使用或已过期"),
        43004: (Fate.OTHER_WAY, "成员没有开通微信插件"),
        45009: (Fate.RETRY, "接口调用超过限制"),
        45033: (Fate.RETRY, "并发过高"),
        46004: (Fate.BROKEN_BINDING, "成员不存在"),
        48002: (Fate.ALARM, "应用没有此接口的权限"),
        50001: (Fate.ALARM, "应用未获授权"),
        50002: (Fate.ALARM, "企业账号受限"),
        60011: (Fate.OTHER_WAY, "应用无权发给此成员，请检查应用的可见范围"),
        60020: (Fate.ALARM, "本机 IP 不在企业可信 IP 中"),
        60111: (Fate.BROKEN_BINDING, "成员不存在"),
        81013: (Fate.BROKEN_BINDING, "收件人全部无效"),
        301002: (Fate.ALARM, "应用无权使用此 AgentId"),
    },
)

# What message/send tells of single members while the call as a whole is accepted.
NOT_A_MEMBER = WORK.table[81013]
NOT_LICENSED = (Fate.OTHER_WAY, "成员没有企业微信许可")


def _used_up(_code: int) -> Fate:
    return Fate.OTHER_WAY


# An address that works once: whatever it says against us, it will not be asked again. Its numbers are not published.
GROUP = Family(table={-1: (Fate.RETRY, "企业微信系统繁忙"), 45009: (Fate.RETRY, "发送过于频繁")}, rest=_used_up)
