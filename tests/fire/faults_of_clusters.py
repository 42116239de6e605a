"""What can go wrong with the nodes of a cluster in mid-load. Each fault heals before it returns."""

import time
from contextlib import closing
from typing import TYPE_CHECKING

from tests.fire.faults import HANGING
from tests.fire.programs import NotReady

if TYPE_CHECKING:
    from tests.fire.stage import Stage

LAGGING = 0.25  # seconds
BACK_TOGETHER = 60.0  # seconds that a node may take to be one of them again


def kill_node(stage: "Stage") -> None:
    """kill -9 of one; the others must notice, go on, and take it back."""
    _first, doomed, _third = stage.cluster.nodes
    stage.tell("kill -9 of a node")
    doomed.program.kill()
    stage.rest(10)
    stage.tell("the node comes back")
    stage.facts["back_after"] = round(stage.cluster.rejoin(doomed), 1)
    stage.rest(3)


def hold_nodes_back(stage: "Stage") -> None:
    """Nodes that do not apply what they are told for a quarter of a second, again and again, but answer readers."""
    stage.tell("nodes lag behind")
    for _time in range(8):
        for node in stage.cluster.nodes[1:]:
            with closing(node.connect(node.root)) as connection:
                connection.cursor().execute("FLUSH TABLES WITH READ LOCK")
                stage.rest(LAGGING)
            stage.rest(LAGGING)


def hang_node(stage: "Stage") -> None:
    """SIGSTOP: it holds its connections, and the others wait for it until they have given it up."""
    _first, _second, hung = stage.cluster.nodes
    stage.tell(f"a node hangs for {HANGING:.0f} s")
    hung.program.hang()
    try:
        stage.rest(HANGING)
    finally:
        hung.program.thaw()
    stage.facts["back_after"] = _wait_together(stage)
    stage.rest(3)


def split_off_node(stage: "Stage") -> None:
    """It runs, its clients reach it, and it is alone: what it is asked it must refuse."""
    alone, *_others = stage.cluster.nodes
    stage.tell("a node is split off")
    alone.isolate(True)
    try:
        stage.rest(15)
        if alone.status("wsrep_cluster_status") == "Primary":
            stage.find("the node that is alone believes that it is the cluster")
    finally:
        alone.isolate(False)
    stage.facts["back_after"] = _wait_together(stage)
    stage.rest(3)


def restart_nodes(stage: "Stage") -> None:
    """One after the other, as for an upgrade."""
    for node in stage.cluster.nodes:
        stage.tell(f"node {node.number + 1} stops")
        node.program.stop()
        stage.rest(1)
        stage.tell(f"node {node.number + 1} comes back")
        stage.facts["back_after"] = round(stage.cluster.rejoin(node), 1)
        stage.rest(2)


def lose_quorum(stage: "Stage") -> None:
    """Two of three die at once. The last one cannot know that it is not the one that was cut off, and refuses."""
    left, *doomed = stage.cluster.nodes
    stage.tell("kill -9 of two nodes of three")
    for node in doomed:
        node.program.kill()
    stage.rest(12)
    status, _body = stage.application.health()
    if status != 503:
        stage.find(f"/health answers {status} where there is no majority")
    stage.tell("an administrator declares the last node to be the cluster")
    left.ask("SET GLOBAL wsrep_provider_options = 'pc.bootstrap=1'")
    stage.facts["back_after"] = round(left.wait_synced(), 1)
    for node in doomed:
        stage.cluster.rejoin(node)
    stage.rest(3)


def _wait_together(stage: "Stage") -> float:
    """Until every node counts every node again: one that hung knows of nothing, and says that all is well."""
    started, cluster = time.monotonic(), stage.cluster
    while any(not node.synced() or cluster.members(node) < len(cluster.nodes) for node in cluster.nodes):
        if time.monotonic() - started > BACK_TOGETHER:
            raise NotReady("the nodes did not find each other again")
        time.sleep(0.1)
    return round(time.monotonic() - started, 1)
