"""测评对话: 测评任务 lists what an assessor has to visit, 任务 3 begins with one; sheets themselves are reports."""

from handlers import draft
from handlers.channels import field_assessment
from handlers.desk import Desk
from handlers.field import tasks
from handlers.field.wording import TEXTS
from handlers.people.caller import Caller
from handlers.reading import task
from models.people import Role

_LIST = ("测评任务", "我的任务", "任务", "测评任务单")


def answer(desk: Desk, caller: Caller, text: str) -> str | None:
    """The answer to 测评任务 or 任务 3 from an assessor; None for sheets, which go into a draft."""
    if not caller.holds(Role.ASSESSOR):
        return None
    if text.strip(" 。.!") in _LIST:
        return tasks.listed(desk, caller.person.id)
    said = task.read(text)
    return _about(desk, caller, said) if said else None


def _about(desk: Desk, caller: Caller, said: task.TaskSheet) -> str | None:
    open_ones = {one[0].number: one for one in tasks.open_tasks(desk.session, caller.person.id)}
    if said.number not in open_ones:
        return TEXTS("task.unknown", number=said.number)
    pending = draft.current(desk, caller, field_assessment.KEY)
    before = pending.extra.get("task") if pending else None
    if before is not None and before != said.number:
        return TEXTS("task.other", before=before, number=said.number)
    if said.words:
        return None
    pending = pending or draft.begin(desk, caller, field_assessment.KEY)
    pending.extra = {**pending.extra, **field_assessment.of_task(said.number, open_ones[said.number][0].place)}
    return TEXTS("task.how", line=tasks.sheet(desk, open_ones[said.number]))
