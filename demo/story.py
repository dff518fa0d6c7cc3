"""故事: what the six have in common: people who say and hear, and how a case is claimed, put right and passed."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from demo.cast import CAST, CREW, DISPATCHER, PLAYERS, UNIT_PEOPLE, Side
from demo.config import Places
from simulator.client import Group, Person

_LOOK = {Side.ACTS: "待办", Side.COMMANDS: "待派"}
_NUMBER = re.compile(r"编号 (\d+)")


class Missing(AssertionError):
    """Something the story needs did not happen."""


@dataclass
class Story:
    """故事: everybody's phone from this moment on, the case it is about, and how long to wait for each word.

    numbers: the cases, where one report made several; number is the one that is being worked on.
    order: the 工单编号, where the case came with one.  reported: who reported which cases.
    """

    places: Places
    patience: float
    number: int = 0
    numbers: list[int] = field(default_factory=list)
    order: str = ""
    reported: list[tuple[str, int]] = field(default_factory=list)
    people: dict[str, Person] = field(default_factory=dict)
    group: Group = field(init=False)

    def begins(self) -> None:
        """Everybody takes up their phone. What was said before belongs to another story."""
        url = self.places.simulator_url
        self.people = {player.openid: Person(url, player.account, player.openid) for player in CAST}
        self.group = Group(url, CREW)
        for player in CAST:
            # Whoever is on duty looks at the list: that opens WeChat's 48 hours and five messages anew.
            if player.side is not Side.REPORTS:
                self.people[player.openid].says(_LOOK[player.side])

    def says(self, openid: str, words: str, expect: str) -> str:
        """Somebody says something and must be answered with certain words. Raises Missing."""
        return self.expects(self.people[openid].says(words).reply, expect, words)

    def hears(self, openid: str, words: str, patience: float = 0) -> str:
        """Somebody hears these words within seconds. Raises NotHeard."""
        return self.people[openid].hears(words, patience or self.patience).text

    def reads(self, openid: str, *words: str) -> list[str]:
        """The lines that hold each of these, one for each; one line may hold several. Raises Missing."""
        found: list[str] = []

        def is_there() -> bool:
            lines = [line.text for line in self.people[openid].new_lines() if line.sender == "account"]
            found[:] = [next((line for line in lines if one in line), "") for one in words]
            return all(found)

        self.eventually(is_there, f"{openid} should read {words}")
        return found

    def expects(self, answer: str, expect: str, to: str) -> str:
        """The answer, which must hold the expected words. Raises Missing."""
        if expect not in answer:
            raise Missing(f"after {to!r} the answer should hold {expect!r}, it was {answer!r}")
        return answer

    def eventually(self, is_so: Callable[[], bool], what: str) -> None:
        """Wait for something to become so. Raises Missing."""
        end = time.monotonic() + self.patience
        while not is_so():
            if time.monotonic() > end:
                raise Missing(what)
            time.sleep(0.2)

    def finishes(self, openid: str, said: str = "完成") -> str:
        """完成: the report goes out, and its cases' numbers are remembered. Raises Missing."""
        return self.is_taken(openid, self.says(openid, said, "已受理"))

    def is_taken(self, openid: str, answer: str) -> str:
        """受理回执: the numbers of somebody's new cases are remembered."""
        self.numbers = [int(number) for number in _NUMBER.findall(answer.split("查询")[0])]
        self.number = self.numbers[0]
        self.reported += [(openid, number) for number in self.numbers]
        return answer

    def claims(self, openid: str) -> str:
        """认领."""
        return self.says(openid, f"认领 {self.number}", "已认领")

    def presses(self, openid: str, button: str) -> None:
        """A button of the card about the case, on 企业微信. Raises NotHeard where there is none."""
        self.people[openid].presses(button, f"编号 {self.number}")

    def rectifies(self, openid: str, words: str, photo: str, shot: int = 0) -> str:
        """整改: a word and a picture of it. shot: a picture that was sent before."""
        # The word first: a photo that comes seconds after another case's 整改 would be taken for one of that.
        self.says(openid, f"整改 {self.number} {words}", "请发整改后的照片")
        self.people[openid].sends_photo(photo, shot=shot)
        return self.says(openid, "完成", "等待核查")

    def passes(self, openid: str = DISPATCHER) -> str:
        """核查通过, by somebody of the command centre who was asked for it."""
        self.hears(openid, f"通过 {self.number}")
        return self.says(openid, f"通过 {self.number}", "办结")

    def is_settled(self, openid: str, words: str, photo: str) -> str:
        """A whole case at once, where the story has shown the steps already."""
        self.hears(openid, f"认领 {self.number}")
        self.claims(openid)
        self.rectifies(openid, words, photo)
        return self.passes()

    def hides(self, reporter: str, *secrets: str) -> str:
        """Nobody of any unit has read who reported, or any of these words. Raises Missing."""
        for openid in UNIT_PEOPLE:
            read = "\n".join(line.text for line in self.people[openid].new_lines() if line.sender != "user")
            for secret in (reporter, PLAYERS[reporter].name, *secrets):
                if secret in read:
                    raise Missing(f"{PLAYERS[openid].name} has read {secret!r}")
        return f"{len(UNIT_PEOPLE)} 位单位人员的手机上都没有出现"


Step = tuple[str, Callable[[Story], str]]


@dataclass(frozen=True, slots=True)
class Chapter:
    """一章: one platform's story. key: the platform's."""

    key: str
    name: str
    steps: tuple[Step, ...]
