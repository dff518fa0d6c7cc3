"""岗位: where a traffic volunteer stands; said once, it is the place of what they report."""

from sqlalchemy import update

from handlers import platforms
from handlers.channels import traffic_volunteer
from handlers.desk import Desk
from handlers.people.caller import Caller
from handlers.reading.place_words import tells_of_trouble
from handlers.words import trimmed
from models.people import Membership, Role

_MINE = ("我的岗位", "岗位")
_TAKE = ("上岗", "换岗", "到岗")
_LONGEST = 40


def answer(desk: Desk, caller: Caller, text: str) -> str | None:
    """The answer to 上岗 经十路历山路 or 我的岗位 from a volunteer; None for everything else."""
    if not caller.holds(Role.VOLUNTEER):
        return None
    if text in _MINE:
        return _mine(desk, caller)
    word = next((word for word in _TAKE if text.startswith(word)), None)
    # "到岗后发现有电动车逆行" is a report.
    if word is None or len(text) > _LONGEST or tells_of_trouble(text):
        return None
    post = trimmed(text.removeprefix(word))
    return _take(desk, caller, post) if post else _mine(desk, caller)


def _mine(desk: Desk, caller: Caller) -> str:
    post = platforms.standing(desk, caller, desk.router.pack.platforms[traffic_volunteer.KEY]).post
    return desk.texts("post.mine", post=post.name) if post else desk.texts("post.none")


def _take(desk: Desk, caller: Caller, words: str) -> str:
    """Stand somewhere else from now on."""
    post = desk.router.pack.points.post(words)
    if post is None:
        return desk.texts("post.unknown", words=words)
    desk.session.execute(
        update(Membership)
        .where(Membership.person_id == caller.person.id, Membership.role == Role.VOLUNTEER)
        # The hours belonged to the post that was planned.
        .values(post=post.key, shift="")
    )
    return desk.texts("post.taken", post=post.name)
