"""Every (state, move, part): the legal ones are spelled out here a second time, all others are refused."""

from itertools import product

import pytest

from models.workflow import IllegalMove, Move, Part, Status, after

# state | move | who may | where it leads ("" for: it stays)
LEGAL = """
          | open          | system                                              | reported
reported  | assign        | system dispatcher                                   | assigned
reported  | reject        | dispatcher                                          | rejected
reported  | join          | system dispatcher                                   |
reported  | correct       | dispatcher                                          |
reported  | split         | dispatcher                                          |
reported  | review        | system                                              |
reported  | note          | reporter officer leader dispatcher verifier assessor |
reported  | refuse        | system dispatcher                                   |
reported  | breach        | system                                              |
reported  | unreached     | system                                              |
assigned  | assign        | dispatcher                                          | assigned
assigned  | claim         | officer leader                                      | claimed
assigned  | ask_return    | officer leader                                      |
assigned  | ask_transfer  | officer leader                                      |
assigned  | pledge        | officer leader                                      |
assigned  | send_back     | dispatcher                                          | reported
assigned  | join          | system dispatcher                                   |
assigned  | correct       | dispatcher                                          |
assigned  | split         | dispatcher                                          |
assigned  | note          | reporter officer leader dispatcher verifier assessor |
assigned  | refuse        | system dispatcher                                   |
assigned  | breach        | system                                              |
assigned  | unreached     | system                                              |
claimed   | assign        | dispatcher                                          | assigned
claimed   | rectify       | officer leader                                      | rectified
claimed   | ask_return    | officer leader                                      |
claimed   | ask_transfer  | officer leader                                      |
claimed   | ask_extension | officer leader                                      |
claimed   | pledge        | officer leader                                      |
claimed   | send_back     | dispatcher                                          | reported
claimed   | extend        | dispatcher                                          |
claimed   | join          | system dispatcher                                   |
claimed   | correct       | dispatcher                                          |
claimed   | split         | dispatcher                                          |
claimed   | note          | reporter officer leader dispatcher verifier assessor |
claimed   | refuse        | system dispatcher                                   |
claimed   | breach        | system                                              |
claimed   | unreached     | system                                              |
rectified | pass          | dispatcher verifier                                 | closed
rectified | fail          | dispatcher verifier                                 | claimed
rectified | confirm       | reporter                                            | closed
rectified | object        | reporter assessor                                   |
rectified | join          | system dispatcher                                   |
rectified | correct       | dispatcher                                          |
rectified | split         | dispatcher                                          |
rectified | note          | reporter officer leader dispatcher verifier assessor |
rectified | refuse        | system dispatcher                                   |
rectified | breach        | system                                              |
rectified | unreached     | system                                              |
closed    | rate          | reporter                                            |
rectified | doubt         | system                                              |
rectified | clear         | system                                              |
closed    | doubt         | system                                              |
closed    | clear         | system                                              |
closed    | ask_reopen    | reporter assessor                                   |
closed    | reopen        | dispatcher                                          | claimed
closed    | note          | reporter officer leader dispatcher verifier assessor |
closed    | refuse        | system dispatcher                                   |
closed    | breach        | system                                              |
closed    | unreached     | system                                              |
rejected  | ask_reopen    | reporter                                            |
rejected  | reopen        | dispatcher                                          | reported
rejected  | note          | reporter officer leader dispatcher verifier assessor |
rejected  | refuse        | system dispatcher                                   |
rejected  | breach        | system                                              |
rejected  | unreached     | system                                              |
assigned  | enlist        | system dispatcher                                   |
claimed   | enlist        | system dispatcher                                   |
assigned  | dismiss       | dispatcher                                          |
claimed   | dismiss       | dispatcher                                          |
rectified | dismiss       | dispatcher                                          |
assigned  | feed_back     | helper                                              |
claimed   | feed_back     | helper                                              |
rectified | feed_back     | helper                                              |
claimed   | ask_deferral  | officer leader                                      |
claimed   | defer         | dispatcher                                          |
reported  | ask_appeal    | officer leader                                      |
reported  | uphold        | dispatcher                                          |
reported  | expose        | system                                              |
assigned  | ask_appeal    | officer leader                                      |
assigned  | uphold        | dispatcher                                          |
assigned  | expose        | system                                              |
claimed   | ask_appeal    | officer leader                                      |
claimed   | uphold        | dispatcher                                          |
claimed   | expose        | system                                              |
rectified | ask_appeal    | officer leader                                      |
rectified | uphold        | dispatcher                                          |
rectified | expose        | system                                              |
closed    | ask_appeal    | officer leader                                      |
closed    | uphold        | dispatcher                                          |
closed    | expose        | system                                              |
rejected  | ask_appeal    | officer leader                                      |
rejected  | uphold        | dispatcher                                          |
rejected  | expose        | system                                              |
"""


def _table() -> dict[tuple[str, str, str], str]:
    rows = [[cell.strip() for cell in line.split("|")] for line in LEGAL.strip("\n").splitlines()]
    return {(status, move, part): to or status for status, move, parts, to in rows for part in parts.split()}


TABLE = _table()
ALL = list(product((None, *Status), Move, Part))


def _key(status: Status | None, move: Move, part: Part) -> tuple[str, str, str]:
    return (status.value if status else "", move.value, part.value)


@pytest.mark.parametrize(("status", "move", "part"), [triple for triple in ALL if _key(*triple) in TABLE])
def test_it_leads_a_legal_move_where_the_table_says(status: Status | None, move: Move, part: Part) -> None:
    landed = after(status, move, part)

    assert landed.value == TABLE[_key(status, move, part)]


@pytest.mark.parametrize(("status", "move", "part"), [triple for triple in ALL if _key(*triple) not in TABLE])
def test_it_refuses_every_other_move_and_says_which(status: Status | None, move: Move, part: Part) -> None:
    with pytest.raises(IllegalMove) as refused:
        after(status, move, part)

    assert (refused.value.status, refused.value.move, refused.value.part) == (status, move, part)
    assert f"{part.value} may not {move.value}" in str(refused.value)


def test_it_knows_no_state_move_or_part_that_this_table_forgets() -> None:
    named = {word for key in TABLE for word in key}

    assert {s.value for s in Status} | {m.value for m in Move} | {p.value for p in Part} | {""} == named
