"""Shards read by the workers of a Ray cluster, or of one that is started on this machine. The only module that imports Ray.

A worker is an actor that has loaded the model and takes one shard at a time. One that dies costs the shard it had in hand, which another
reads again; a shard of which `DEATHS` workers have died is given up. When the driver dies, its workers die with it: what has a receipt
is not read again.
"""

import ipaddress
import os
import re
import secrets
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from allegedly.errors import AllegedlyError, ExportError
from allegedly.ingest.shards import Bad, Fate, Job, Shard

LOCAL = "local"
DEATHS = 3
PATIENCE = 120.0
"""Seconds to wait for the first worker, and for a cluster's answer."""


class ClusterError(AllegedlyError):
    """A cluster could not be started or reached, or may not be used."""


def _ray() -> Any:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing is told to anybody
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    try:
        import ray
    except ImportError:
        raise ExportError('--ray needs Ray, which is not installed. Install it with: pip install "allegedly[ray]"') from None
    return ray


# --- which clusters may be used ----------------------------------------------------------------------------------------


def check(address: str) -> None:
    """ClusterError for a cluster on another machine that lets in anybody: whoever reaches it can run code there and read our storage.

    It is asked for its state with a token that is made up: one that answers does not look at tokens.
    """
    if address == LOCAL or _on_this_machine(address):
        return
    _ray()
    if os.environ.get("RAY_AUTH_MODE") != "token":
        raise ClusterError(
            f"{address}: refused, because no token is set. Start the cluster with RAY_AUTH_MODE=token and RAY_AUTH_TOKEN; set both here."
        )
    if lets_in_anybody(address):
        advice = "Start all its nodes with RAY_AUTH_MODE=token and one RAY_AUTH_TOKEN."
        raise ClusterError(f"{address}: refused, because the cluster lets in anybody. {advice}")


def _on_this_machine(address: str) -> bool:
    """Whether an address is this machine's own; "auto" is the cluster that was started here, unless RAY_ADDRESS names another."""
    if address == "auto":
        named = os.environ.get("RAY_ADDRESS", "")
        return not named or named == "auto" or _on_this_machine(named)
    host = re.sub(r"^ray://", "", address).rpartition(":")[0].strip("[]")
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def lets_in_anybody(address: str) -> bool:
    """Whether a cluster answers to a made-up token. ClusterError where it cannot be reached at all."""
    wrong = {**os.environ, "RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(16), "RAY_USAGE_STATS_ENABLED": "0"}
    wrong.pop("RAY_AUTH_TOKEN_PATH", None)
    if address.startswith("ray://"):
        asked = [sys.executable, "-c", f"import ray; ray.init({address!r}, log_to_driver=False)"]
    else:
        asked = [sys.executable, "-m", "ray.scripts.scripts", "status", "--address", address]
    try:
        done = subprocess.run(asked, env=wrong, capture_output=True, text=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        raise ClusterError(
            f"{address}: the cluster did not answer within {PATIENCE:.0f} seconds. Check the address and the firewall."
        ) from None
    if done.returncode == 0:
        return True
    if re.search(r"AuthenticationError|InvalidAuthToken|UNAUTHENTICATED", done.stdout + done.stderr):
        return False
    said = next((line for line in reversed(done.stderr.strip().splitlines()) if line.strip()), "no reason given")
    raise ClusterError(f"{address}: the cluster could not be reached ({said.strip()[:200]}). Check the address and the firewall.")


# --- reading -----------------------------------------------------------------------------------------------------------


class _Worker:
    """What runs on a node: the reader, loaded once, and one shard at a time."""

    def __init__(self, job: Job) -> None:
        self.job = job
        job.own = {}  # what the reader is called on this node

    def identity(self) -> dict[str, str | None]:
        return self.job.identity()

    def read(self, shard: Shard) -> Fate:
        return self.job.read(shard)


@dataclass(slots=True)
class Cluster:
    """A connection to a cluster. `workers` are as many as it has processors, unless said otherwise."""

    address: str = LOCAL
    workers: int | None = None
    restarts: int = 0  # workers that died and were replaced
    _deaths: dict[str, int] = field(default_factory=dict)

    def __enter__(self) -> "Cluster":
        check(self.address)
        if self.address == LOCAL:  # nobody else on this machine is let in; Ray looks when it is imported
            os.environ.setdefault("RAY_AUTH_MODE", "token")
            os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(16))
        ray = _ray()
        here = {"num_cpus": self.workers or _processors(), "include_dashboard": False}
        where: dict[str, Any] = here if self.address == LOCAL else {"address": self.address}
        try:
            ray.init(**where, log_to_driver=False, logging_level="ERROR", namespace="allegedly")
        except (ConnectionError, OSError, RuntimeError, ValueError) as error:
            raise ClusterError(
                f"{self.address}: {_one_line(error)}. Check the address, and that Ray {ray.__version__} runs there too."
            ) from None
        return self

    def __exit__(self, *_: object) -> None:
        _ray().shutdown()

    def read(self, job: Job, left: list[Shard]) -> Iterator[Fate]:
        """The fates of shards as they become known, in any order."""
        ray = _ray()
        actor = ray.remote(_Worker)
        todo = deque(left)
        busy: dict[Any, tuple[Any, Shard]] = {}
        count = min(self.workers or max(1, int(ray.cluster_resources().get("CPU", 1))), len(left))
        idle = [self._hire(actor, job) for _ in range(count)]
        self._alike(ray, job, idle[:1])
        while todo or busy:
            while todo and idle:
                worker, shard = idle.pop(), todo.popleft()
                busy[worker.read.remote(shard)] = worker, shard
            (ready, *_), _ = ray.wait(list(busy), num_returns=1)
            worker, shard = busy.pop(ready)
            try:
                yield ray.get(ready)
                idle.append(worker)
            except ray.exceptions.RayTaskError as error:
                raise self._own(error) from None
            except ray.exceptions.RayError as error:
                idle.append(self._hire(actor, job))
                self.restarts += 1
                if (given_up := self._bury(shard, error)) is None:
                    todo.append(shard)
                else:
                    yield given_up

    @staticmethod
    def _hire(actor: Any, job: Job) -> Any:
        one_thread = {"env_vars": {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}}
        return actor.options(num_cpus=1, max_restarts=0, runtime_env=one_thread).remote(job)

    def _alike(self, ray: Any, job: Job, workers: list[Any]) -> None:
        """ClusterError where the nodes have another Allegedly than this machine: results would differ."""
        for worker in workers:
            try:
                there = ray.get(worker.identity.remote(), timeout=PATIENCE)
            except ray.exceptions.GetTimeoutError:
                raise ClusterError(
                    f"{self.address}: no worker came up within {PATIENCE:.0f} seconds. Are processors free? See `ray status`."
                ) from None
            except ray.exceptions.RayError as error:
                raise ClusterError(
                    f"{self.address}: a worker could not be started ({_one_line(error)}). Is Allegedly installed on all nodes?"
                ) from None
            if there != job.identity():
                raise ClusterError(
                    f"{self.address}: the nodes have another version of Allegedly ({there['version']}). Install the same everywhere."
                )

    def _bury(self, shard: Shard, error: Exception) -> Bad | None:
        """Count a death; the shard is bad after several."""
        self._deaths[shard.name] = self._deaths.get(shard.name, 0) + 1
        if self._deaths[shard.name] < DEATHS:
            return None
        advice = "It may need more memory than a node has: split it, or give workers more"
        return Bad(shard.name, shard.input, f"{DEATHS} workers died while they read it ({_one_line(error)[:100]})", advice)

    @staticmethod
    def _own(error: Any) -> Exception:
        """What a worker raised, as itself where it is one of our errors."""
        cause = error.cause if isinstance(getattr(error, "cause", None), Exception) else error
        return cause if isinstance(cause, AllegedlyError) else ClusterError(f"A worker failed: {_one_line(cause)}")


def _processors() -> int:
    from allegedly.ingest import processors

    return processors()


def _one_line(error: object) -> str:
    return " ".join(str(error).split())[:300]
