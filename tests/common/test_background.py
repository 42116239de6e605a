"""Work beside the requests goes on whatever becomes of one round of it, and ends when it is told to."""

from threading import Event

from structlog.testing import capture_logs

from apps.common import background

SOON = 0.01  # seconds
WORDS = "with something personal in it"


def test_a_round_that_fails_is_told_of_and_the_next_one_comes():
    rounds, done, stop = iter(("fails", "works")), Event(), Event()

    def work():
        if next(rounds) == "fails":
            raise RuntimeError(WORDS)
        yield 1
        done.set()
        stop.set()

    with capture_logs() as logs:
        thread = background.every(SOON, "sweeping", work, stop)
        assert done.wait(10)
        thread.join(10)

    assert not thread.is_alive()
    told = [entry for entry in logs if entry["event"] == "background_work_failed"]
    assert [(entry["work"], entry["error"]) for entry in told] == [("sweeping", "RuntimeError")]
    assert "test_background.py" in told[0]["where"]
    assert "in work\n" in told[0]["where"]
    assert "personal" not in str(logs)


def test_it_ends_between_two_steps():
    stop, steps = Event(), []

    def work():
        while True:
            steps.append(1)
            stop.set()
            yield

    thread = background.every(SOON, "sweeping", work, stop)
    thread.join(10)

    assert not thread.is_alive()
    assert len(steps) == 1
