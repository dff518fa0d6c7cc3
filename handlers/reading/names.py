"""姓氏: the surnames by which a personal name is known among other words."""

COMPOUND = "欧阳|司马|上官|诸葛|夏侯|皇甫|尉迟|公孙|慕容|令狐|端木|东方|司徒|南宫"

# These hardly ever begin an everyday word, so a given name of one or two characters may follow them anywhere.
CLEAR = (
    "赵钱孙李周吴郑冯陈褚蒋沈韩杨朱秦许吕张孔曹严魏姜戚谢邹窦潘葛范彭郎鲁韦马苗俞袁柳鲍唐薛雷贺倪汤滕殷罗毕郝邬傅卞"
    "齐伍余顾孟黄穆萧尹姚邵汪祁毛狄臧戴宋庞纪舒屈项祝董梁杜阮蓝闵贾江颜郭梅盛林刁徐邱骆蔡樊胡凌霍虞柯卢莫裘缪邓郁洪"
    "左崔龚程邢裴陆翁荀甄武刘景詹龙叶黎白蒲赖卓蔺屠乔闻翟谭姬申冉桑桂尚温庄晏柴瞿阎慕茹廖衡耿满匡寇沙聂岳丁侯夏邸王"
    "逄亓綦鞠隋仝亢郇卫邱巩阚肖"
)
# These are words of their own as well (高处, 方便, 于是): they count only right before 先生 女士, or after a label.
AMBIGUOUS = "于高金石方任田安史康车文易万管关季苏费包曲付代牛焦房辛曾宫党"

ANY = f"(?:{COMPOUND}|[{CLEAR}{AMBIGUOUS}])"
SURE = f"(?:{COMPOUND}|[{CLEAR}])"
TITLE = "(?:先生|女士|小姐|同志|大爷|大妈|大娘|阿姨|大叔|大哥|大姐|师傅|老师)"
