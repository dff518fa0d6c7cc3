"""投递: what waits for one person, by the first way of the ladder that is open. Speaks to WeChat, writes nothing."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.parcel import Address, Outcome, Parcel, Result, SentCard, Try, Window
from bot.ways import WORK_WAYS, Opening, Ways
from bot.wechat.errors import Fate, SendError
from models.people import Way

log = logging.getLogger(__name__)

Rung = tuple[Way, Address, Opening]


@dataclass(frozen=True, slots=True)
class Sender:
    """发送人. ladder: the ways in the order in which they are tried, whatever account they lead through."""

    ways: Ways
    ladder: tuple[Way, ...]

    def deliver(
        self,
        parcels: list[Parcel],
        addresses: list[Address],
        now: datetime,
        in_time: Callable[[], bool],
        begun: Sequence[Outcome] = (),
    ) -> list[Outcome]:
        """Send one person's parcels one after the other, so that they are read in the order they were said in.

        Words that have to wait hold up those after them; a picture does not.
        begun: what has become of the first parcels already; the last of them may have to go another way.
        """
        outcomes: list[Outcome] = []
        held: Outcome | None = None
        for n, parcel in enumerate(parcels):
            known = begun[n] if n < len(begun) else None
            if known is not None and known.settled:
                found = [known]
            elif held is not None or not in_time():
                found = [_put_off(known or Outcome(parcel), held)]
            else:
                found = self._send(known or Outcome(parcel), addresses, now, in_time)
            outcomes += found
            held = held or next((o for o in found if o.result is Result.LATER and not o.parcel.is_picture), None)
        return outcomes

    def send_together(self, way: Way, group: list[tuple[Parcel, Address]]) -> list[Outcome]:
        """The same words to several members of one company, in one call."""
        outcomes = [Outcome(parcel) for parcel, _ in group]
        whole, failed, card = self._call_together(way, group)
        if whole and whole.fate is Fate.BROKEN_BINDING:
            # It does not say whose, so each is written to singly.
            return outcomes
        for outcome, (_, address) in zip(outcomes, group, strict=True):
            error = whole or failed.get(address.identity_id)
            self._note(outcome, Try(address.identity_id, way, None, error), address)
        told = next((o for o in outcomes if o.result is Result.SENT), None)
        if told:
            told.card = card
        return outcomes

    def first_rung(self, parcel: Parcel, addresses: list[Address], now: datetime) -> Rung | None:
        """The way a parcel would go now."""
        return next(self._rungs(parcel, addresses, now), None)

    def _call_together(
        self, way: Way, group: list[tuple[Parcel, Address]]
    ) -> tuple[SendError | None, Mapping[int, SendError], SentCard | None]:
        parcel = group[0][0]
        try:
            told = self.ways.send_together(way, parcel, [address for _, address in group])
        except SendError as error:
            return error, {}, None
        except Exception as error:  # boundary: one poison parcel would let the whole batch be sent again
            log.exception("parcels like that of the rows %s cannot be sent", parcel.row_ids)
            return _poison(error), {}, None
        return None, told.failed, told.card

    def _send(
        self, outcome: Outcome, addresses: list[Address], now: datetime, in_time: Callable[[], bool]
    ) -> list[Outcome]:
        self._climb(outcome, addresses, now)
        if outcome.result is not Result.NOBODY or not outcome.parcel.parts:
            return [outcome]
        # A narrow way shows a line of the first row and would swallow the others, so now they go singly.
        singly = self.deliver(list(outcome.parcel.parts), addresses, now, in_time)
        singly[0].tries[:0] = outcome.tries
        return singly

    def _climb(self, outcome: Outcome, addresses: list[Address], now: datetime) -> None:
        """Try each way and address in turn until WeChat accepts one."""
        tried = {(attempt.way, attempt.identity_id) for attempt in outcome.tries}
        for way, address, opening in self._rungs(outcome.parcel, addresses, now):
            if (way, address.identity_id) in tried:
                continue
            if opening.wait is not None:
                outcome.result, outcome.until = Result.LATER, opening.wait
                return
            self._try(outcome, way, address, opening.window, now)
            if outcome.settled:
                return

    def _rungs(self, parcel: Parcel, addresses: list[Address], now: datetime) -> Iterator[Rung]:
        for way in self.ladder:
            for address in addresses:
                opening = self.ways.opening(way, parcel, address, now)
                if opening is not None:
                    yield way, address, opening

    def _try(self, outcome: Outcome, way: Way, address: Address, window: Window | None, now: datetime) -> None:
        error: SendError | None = None
        try:
            outcome.card = self.ways.send(way, outcome.parcel, address, window, now)
        except SendError as failure:
            error = failure
        except Exception as failure:  # boundary, as above
            log.exception("a parcel of the rows %s cannot be sent", outcome.parcel.row_ids)
            error = _poison(failure)
        if way in WORK_WAYS:  # its pace was taken from the ledger before
            self._note(outcome, Try(address.identity_id, way, None, error), address)
        else:
            self._note(outcome, _spent(address, way, window, error), address)

    def _note(self, outcome: Outcome, attempt: Try, address: Address) -> None:
        """Remember a try, and whether another one makes sense now."""
        error = attempt.error
        outcome.tries.append(attempt)
        # What was refused in so many words has been shown to nobody.
        if attempt.way in WORK_WAYS and (error is None or error.fate is Fate.RETRY):
            _keep_pace(address)
        if error is None or error.fate is Fate.ALREADY_SENT:
            outcome.result, outcome.settled = Result.SENT, True
            return
        address.broken = address.broken or error.fate is Fate.BROKEN_BINDING
        if attempt.way in WORK_WAYS and error.fate is Fate.OTHER_WAY:
            address.shut.add(attempt.way)
        if error.fate in (Fate.RETRY, Fate.TOKEN, Fate.ALARM):
            outcome.result = Result.LATER
            outcome.until = error.until
        # A call that may have gone through is repeated the same way; a spent quota will not recover, so go on.
        outcome.settled = error.fate is Fate.RETRY and error.until is None


def _put_off(outcome: Outcome, held: Outcome | None) -> Outcome:
    """Not now, which does not mean that no way is left."""
    if outcome.result is Result.NOBODY:
        outcome.result, outcome.behind = Result.UNTRIED, held
    return outcome


def _spent(address: Address, way: Way, window: Window | None, error: SendError | None) -> Try:
    if window is None:
        return Try(address.identity_id, way, None, error)
    # What WeChat says is closed is closed, whatever our ledger thought.
    shut = error is not None and error.fate is Fate.OTHER_WAY
    cost = 1 if error is None else window.left if shut else 0
    window.left -= cost
    return Try(address.identity_id, way, window, error, cost)


def _keep_pace(address: Address) -> None:
    for window in address.windows:
        if window.way is Way.WORK:
            window.left -= 1


def _poison(error: Exception) -> SendError:
    return SendError(Fate.RETRY, None, f"无法发送 ({type(error).__name__})")
