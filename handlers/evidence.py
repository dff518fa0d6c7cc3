"""整改证据: what a rectification has to show, by its category: a picture, words, or both."""

from handlers.desk import Desk
from models.case import Case
from routing.categories import PHOTO, WORDS


def asked(desk: Desk, case: Case | None) -> list[str]:
    """The kinds a case's category asks for; a picture where nobody knows the category."""
    category = desk.router.pack.categories.get(case.category) if case else None
    wanted = category.evidence if category else {PHOTO}
    return [kind for kind in (PHOTO, WORDS) if kind in wanted]


def how(desk: Desk, case: Case) -> str:
    """What an officer has to send, in words."""
    return desk.texts(f"evidence.how.{'_'.join(asked(desk, case))}", number=case.id)


def beforehand(desk: Desk, case: Case) -> str:
    """What a task says about it; nothing where it is the usual picture."""
    return desk.texts(f"evidence.task.{'_'.join(asked(desk, case))}")
