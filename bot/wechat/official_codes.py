"""公众号返回码: what the Official Account's numbers mean, and what follows from them (facts: §2.3)."""

from bot.wechat.errors import Family, Fate

OFFICIAL = Family(
    table={
        -1: (Fate.RETRY, "微信系统繁忙"),
        40001: (Fate.TOKEN, "access_token 无效"),
        40014: (Fate.TOKEN, "access_token 无效"),
        42001: (Fate.TOKEN, "access_token 已过期"),
        40003: (Fate.BROKEN_BINDING, "openid 无效"),
        40007: (Fate.REFUSED, "media_id 无效或已过期"),
        40013: (Fate.ALARM, "AppID 无效"),
        40037: (Fate.ALARM, "模板 ID 无效"),
        40125: (Fate.ALARM, "AppSecret 无效"),
        40164: (Fate.ALARM, "本机 IP 不在公众号后台的白名单中"),
        43004: (Fate.OTHER_WAY, "对方未关注公众号"),
        43019: (Fate.OTHER_WAY, "对方在黑名单中"),
        43101: (Fate.OTHER_WAY, "对方未授权订阅或次数已用完"),
        45009: (Fate.RETRY, "当日调用次数已用完"),
        45011: (Fate.RETRY, "调用过于频繁"),
        45015: (Fate.OTHER_WAY, "已超出 48 小时会话窗口或对方已取消关注"),
        45033: (Fate.RETRY, "并发过高"),
        45047: (Fate.OTHER_WAY, "客服消息条数已达上限"),
        45065: (Fate.ALREADY_SENT, "同一 clientmsgid 已发送过"),
        48001: (Fate.ALARM, "公众号没有此接口的权限"),
        48002: (Fate.OTHER_WAY, "对方拒收消息"),
        48004: (Fate.ALARM, "接口已被封禁"),
        48006: (Fate.REFUSED, "清零次数已用完"),
        50001: (Fate.ALARM, "未获接口授权"),
        50002: (Fate.ALARM, "账号受限"),
    },
    daily=frozenset({45009}),
)
