"""照片有问题: a picture that cannot be fetched or shown is told to whoever sent it, while they can send another."""

from datetime import timedelta

from handlers import addressing
from handlers.desk import Desk
from models.draft import Draft
from models.people import Person
from models.photo import BAD, Fetch, Photo

REPLACEABLE_FOR = timedelta(hours=24)


def tell_sender(desk: Desk, photo: Photo) -> None:
    """Say what is wrong with a photo that was refused or lost, and that another one is welcome."""
    draft = desk.session.get_one(Draft, photo.draft_id)
    key = f"photo.{photo.reason}" if photo.state is Fetch.REFUSED else "photo.lost"
    name = desk.session.get_one(Person, draft.person_id).name if draft.chat else ""
    text = addressing.to(desk, name, desk.texts(key))
    # In a group it cannot wait: the one more thing we may say there is void after an hour.
    desk.say(draft.person_id, f"photo:{photo.id}:trouble", text, can_wait=not draft.chat, chat=draft.chat)


def awaits_another(desk: Desk, draft: Draft) -> bool:
    """Whether the next photo of its sender takes the place of one that did not come through."""
    last = draft.photos[-1] if draft.photos else None
    if last is None or last.state not in BAD or draft.closed_at is None:
        return False
    return desk.now <= draft.closed_at + REPLACEABLE_FOR
