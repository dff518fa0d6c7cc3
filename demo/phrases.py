"""演示用语: what the people of each platform say, for the stories and for the chat page's list of things to try."""

COMPLAINT = "垃圾桶满了好几天没人清"

ROUTE = "甸柳新村三区"
PATROL_LIST = """甸柳新村街道三区巡访，发现以下问题：
1. 南门东侧非机动车乱停，占了人行道
2. 5号楼单元门口乱堆杂物
3. 北门外墙上贴满小广告"""

CALLER, CALLER_PHONE = "王秀兰", "13805310000"
_ORDER = """【工单编号】{number}
【来电人】{caller}
【联系电话】{phone}
【事发地址】历下区姚家街道浆水泉路88号浆水泉小区2号楼
【诉求内容】市民来电反映，小区2号楼前路灯不亮已有一周，夜间出行不便，希望尽快维修。联系人{caller}，电话{phone}。
【受理时间】2026-11-23 09:12"""

PLATE = "鲁A8K321"
VENDOR = f"面包车{PLATE}占道卖水果"
WRONG_WAY = "有电动车逆行"

SHEET = """点位：甸柳新村街道二区农贸市场
类型：集贸市场
1. 门口占道经营 扣0.5
2. 垃圾桶满溢 扣1"""

ARTICLE_TITLE = "姚家街道浆水泉路早市占道经营，行人绕着走"
ARTICLE_WORDS = "【啄木鸟在行动】摊位占道经营半个月，附近居民出行难"
ARTICLE_URL = "https://news.e23.cn/jnnews/2026-11-23/2026B2300101.html"
PLEDGE = "马五负责，明天整改完"


def work_order(number: str) -> str:
    """转来的工单: one as the hotline's own system prints it, its caller's data in it."""
    return _ORDER.format(number=number, caller=CALLER, phone=CALLER_PHONE)
