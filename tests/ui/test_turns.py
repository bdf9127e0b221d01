import threading

import pytest

from ui.turns import take_turn


def test_one_who_waits_is_told_until_it_is_their_turn():
    turn = threading.Semaphore(1)
    turn.acquire()
    told = []

    def tell():
        told.append("wait")
        if len(told) == 2:
            turn.release()

    with take_turn(turn, tell):
        assert not turn.acquire(blocking=False)
    assert len(told) == 2
    assert turn.acquire(blocking=False)


def test_a_turn_ends_also_when_its_visitor_leaves():
    turn = threading.Semaphore(1)
    with pytest.raises(KeyboardInterrupt), take_turn(turn):
        raise KeyboardInterrupt
    assert turn.acquire(blocking=False)


def test_leaving_while_waiting_takes_no_turn():
    turn = threading.Semaphore(1)
    turn.acquire()

    def leave():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), take_turn(turn, leave):
        pytest.fail("It was not its turn.")
    turn.release()
    assert turn.acquire(blocking=False)
