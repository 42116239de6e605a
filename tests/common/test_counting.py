"""Where requests are counted: in Redis, or in the process when there is none or it is away."""

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from apps.common import throttling
from apps.common.throttling import Counter, ProcessCounter

ANYWHERE = "/api/v1/auth/me"  # 401 without credentials: as good as any other answer.


# ── Counting in one process ───────────────────────────────────────────────────────────────────────────────────


def in_many_threads(counters, hits_each=25):
    """What every one of these counters answered, each asked from a thread of its own."""
    start = threading.Barrier(len(counters))

    def ask(counter):
        start.wait()
        return [counter.hit("rate:default:203.0.113.1", 60)[0] for _ in range(hits_each)]

    with ThreadPoolExecutor(len(counters)) as threads:
        return sorted(hit for answers in threads.map(ask, counters) for hit in answers)


def test_threads_of_one_process_are_never_given_the_same_count():
    assert in_many_threads([ProcessCounter()] * 16) == list(range(1, 401))


def test_an_attacker_with_many_addresses_does_not_fill_the_memory(monkeypatch):
    monkeypatch.setattr(ProcessCounter, "MAX_KEYS", 100)
    counter = ProcessCounter()

    for number in range(1000):
        counter.hit(f"rate:default:{number}", 60)

    assert len(counter._windows) <= 100


def test_when_the_memory_is_full_a_tenth_of_it_is_freed_at_once_the_oldest_first(monkeypatch):
    monkeypatch.setattr(ProcessCounter, "MAX_KEYS", 100)
    counter = ProcessCounter()

    for number in range(101):
        counter.hit(f"rate:default:{number}", 60)

    assert len(counter._windows) == 91
    assert [counter.hit(f"rate:default:{number}", 60)[0] for number in (9, 10, 100)] == [1, 2, 2]


# ── Counting in Redis ─────────────────────────────────────────────────────────────────────────────────────────


def test_processes_share_one_count_in_redis(own_redis):
    here, there = Counter(own_redis.url), Counter(own_redis.url)

    assert [here.hit("key", 60)[0], there.hit("key", 60)[0], here.hit("key", 60)[0]] == [1, 2, 3]


def test_however_many_ask_at_once_redis_gives_each_count_once(own_redis):
    counters = [Counter(own_redis.url) for _ in range(16)]

    assert in_many_threads(counters) == list(range(1, 401))


def test_counting_takes_one_round_trip(own_redis):
    counter = Counter(own_redis.url)
    counter.hit("key", 60)
    own_redis.client.config_resetstat()

    for _ in range(10):
        counter.hit("key", 60)

    sent = {name: stats["calls"] for name, stats in own_redis.client.info("commandstats").items()}
    assert sent.pop("cmdstat_evalsha") == 10
    assert set(sent) <= {"cmdstat_incr", "cmdstat_pttl", "cmdstat_config|resetstat", "cmdstat_info"}


def test_every_count_in_redis_ends_with_its_window(own_redis):
    Counter(own_redis.url).hit("key", 60)

    assert 59_000 < own_redis.client.pttl("key") <= 60_000


def test_a_script_that_redis_forgot_is_sent_again(own_redis):
    counter = Counter(own_redis.url)
    counter.hit("key", 60)
    own_redis.client.script_flush()

    assert counter.hit("key", 60)[0] == 2


def test_the_limit_holds_through_redis(desk, own_redis):
    client = desk("2/minute", redis_url=own_redis.url)

    assert [client.get(ANYWHERE).status_code for _ in range(3)] == [401, 401, 429]
    assert own_redis.client.get("rate:default:127.0.0.1") == b"3"


# ── Without Redis ─────────────────────────────────────────────────────────────────────────────────────────────


def seconds(work):
    start = time.monotonic()
    work()
    return time.monotonic() - start


def test_with_redis_away_requests_are_served_and_counted_here(desk, nobodys_redis):
    client = desk("2/minute", redis_url=nobodys_redis)

    assert [client.get(ANYWHERE).status_code for _ in range(3)] == [401, 401, 429]


def test_with_redis_hanging_only_the_first_request_waits_and_not_for_long(desk, silent_redis):
    client = desk("9/minute", redis_url=silent_redis)
    desk_opens = seconds(lambda: client.get("/health"))

    first = seconds(lambda: client.get(ANYWHERE))
    rest = seconds(lambda: [client.get(ANYWHERE) for _ in range(5)])

    assert first < 1 + desk_opens
    assert rest < 0.5
    assert client.get(ANYWHERE).headers["RateLimit"].startswith('"default";r=2;')


def test_a_redis_that_stops_answering_loses_no_request(desk, own_redis):
    client = desk("3/minute", redis_url=own_redis.url)
    client.get(ANYWHERE)

    own_redis.hang()

    assert [client.get(ANYWHERE).status_code for _ in range(4)] == [401, 401, 401, 429]


def test_a_redis_that_dies_loses_no_request(desk, own_redis):
    client = desk("3/minute", redis_url=own_redis.url)
    client.get(ANYWHERE)

    own_redis.stop()

    assert [client.get(ANYWHERE).status_code for _ in range(4)] == [401, 401, 401, 429]


@pytest.mark.parametrize("how", ["hung", "dead"])
def test_when_redis_is_back_it_counts_again(own_redis, monkeypatch, how):
    monkeypatch.setattr(throttling, "REST_AFTER_FAILURE", 0.2)
    counter = Counter(own_redis.url)
    counter.hit("key", 60)
    own_redis.hang() if how == "hung" else own_redis.stop()
    counter.hit("key", 60)
    own_redis.go_on() if how == "hung" else own_redis.start()

    time.sleep(0.25)
    counter.hit("other", 60)

    assert own_redis.client.get("other") == b"1"


def test_after_a_failure_redis_is_left_alone_for_a_while(own_redis):
    counter = Counter(own_redis.url)
    own_redis.hang()
    counter.hit("key", 60)
    own_redis.go_on()

    counter.hit("other", 60)

    assert own_redis.client.get("other") is None


def test_a_redis_that_refuses_to_count_loses_no_request(desk, own_redis):
    own_redis.client.rpush("rate:default:127.0.0.1", "not a number")
    client = desk("2/minute", redis_url=own_redis.url)

    assert [client.get(ANYWHERE).status_code for _ in range(3)] == [401, 401, 429]


def test_something_that_is_no_redis_loses_no_request(desk):
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def talk_nonsense():
            connection, _address = listener.accept()
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        threading.Thread(target=talk_nonsense, daemon=True).start()
        client = desk("2/minute", redis_url=f"redis://127.0.0.1:{listener.getsockname()[1]}/0")

        assert [client.get(ANYWHERE).status_code for _ in range(3)] == [401, 401, 429]
