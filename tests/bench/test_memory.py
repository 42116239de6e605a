"""The benchmark says when a worker grows."""

from bench.memory import Sample
from bench.report_on_memory import MemoryReport


def test_a_worker_that_grows_after_it_is_warm_is_over_its_goal():
    grown = [(0, 90), (10, 100), (50, 102), (100, 104)]
    samples = [Sample(requests, 1.0, [megabytes, 100.0], [50.0, 50.0]) for requests, megabytes in grown]

    growing, flat = MemoryReport("mariadb", "10.11", {"clients": 8}, samples).summary()

    assert (round(growing["drift_percent"], 3), growing["over"]) == (4.0, True)
    assert (flat["drift_percent"], flat["over"]) == (0.0, False)
