"""A course of two small lessons, and a session without a lab that says and records what the tests want."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from engine.course.model import Check, Command, Course, Lesson, Prediction, Step, Text
from engine.messages import Message
from engine.network.snapshot import Address, Chain, Link, Listener, Namespace, Route, Rule, Snapshot
from engine.session import assistance, events
from engine.session.freeplay import FreePlay
from engine.session.history import History
from engine.session.predictions import Predictions
from engine.session.progress import Entry, Progress

BODY = """A veth pair is a cable with two ends. Whatever goes in at one end comes out at the other.

```console T2
$ sudo ip link add dev veth_dustin type veth peer name veth_ns_dustin
```

Now look at what that one command made, and count the **devices**:

```console T2 look
$ ip link list
7: veth_ns_dustin@veth_dustin: <BROADCAST,MULTICAST,M-DOWN> mtu 1500 state DOWN
8: veth_dustin@veth_ns_dustin: <BROADCAST,MULTICAST,M-DOWN> mtu 1500 state DOWN
```

- Both ends are on the host, and both are `DOWN`.
- Neither has an address yet.
"""
BODY_ZH = """veth 对就像一根有两个端点的网线：从一端进去的数据，会从另一端出来。

```console T2
$ sudo ip link add dev veth_dustin type veth peer name veth_ns_dustin
```

看看这一条命令都创建了什么，数一数有几个**设备**：

```console T2 look
$ ip link list
7: veth_ns_dustin@veth_dustin: <BROADCAST,MULTICAST,M-DOWN> mtu 1500 state DOWN
8: veth_dustin@veth_ns_dustin: <BROADCAST,MULTICAST,M-DOWN> mtu 1500 state DOWN
```

- 两端都在主机上，而且都是 `DOWN`。
- 现在都还没有地址。
"""
ADD = Command(text="sudo ip link add dev veth_dustin type veth peer name veth_ns_dustin", terminal="T2")
LOOK = Command(text="ip link list", terminal="T2", look=True)


def make_course() -> Course:
    create = Step(
        id="veth/create-pair",
        number="4.1",
        title=Text("Create both ends at once", "一次创建两端"),
        body=Text(BODY, BODY_ZH),
        commands=(ADD, LOOK),
        predictions=(
            Prediction(
                question=Text(
                    "Will `ip link list` show one new device, or two?", "`ip link list` 会多出一个设备，还是两个？"
                ),
                answers=(Text("One", "一个"), Text("Two, both on the host", "两个，都在主机上")),
                right=1,
                before=1,
            ),
        ),
        checks=(
            Check(id="pair", kind="link", fields={"name": "veth_dustin"}),
            Check(id="seen", kind="ran", fields={"program": "ip"}),
        ),
        hints=(
            Text("`ip link add` makes devices.", "`ip link add` 用来创建设备。"),
            Text("Its type is `veth`.", "类型是 `veth`。"),
        ),
        explanation=Text("The kernel made **two** devices that know each other.", "内核创建了**两个**互相认识的设备。"),
    )
    move = Step(
        id="veth/move-end",
        number="4.2",
        title=Text("Move one end", "移动一端"),
        body=Text(
            "Now put one end inside.\n\n```console T3\n$ sudo ip link set veth_ns_dustin netns netns_dustin\n```\n",
            "现在把一端放进去。\n\n```console T3\n$ sudo ip link set veth_ns_dustin netns netns_dustin\n```\n",
        ),
        commands=(Command(text="sudo ip link set veth_ns_dustin netns netns_dustin", terminal="T3"),),
        checks=(Check(id="moved", kind="link", fields={"name": "veth_ns_dustin", "namespace": "netns_dustin"}),),
    )
    address = Step(
        id="addresses/host",
        number="5.1",
        title=Text("An address for the host's end", "给主机一端配地址"),
        body=Text("```console T2\n$ sudo ip address add 10.0.0.10/24 dev veth_dustin\n```\n"),
        commands=(Command(text="sudo ip address add 10.0.0.10/24 dev veth_dustin", terminal="T2"),),
        checks=(Check(id="address", kind="address", fields={"address": "10.0.0.10/24"}),),
    )
    veth = Lesson(
        id="veth",
        number=4,
        title=Text("Create a veth pair", "创建 veth 对"),
        intro=Text(
            "You will lay a *cable* between the host and `netns_dustin`.",
            "你会在主机和 `netns_dustin` 之间拉一根*网线*。",
        ),
        recap=Text("You can join two namespaces.", "你会连接两个命名空间了。"),
        docker=Text("```console docker\n$ docker network inspect bridge\n```", None),
        steps=(create, move),
    )
    addresses = Lesson(
        id="addresses",
        number=5,
        title=Text("Give the pair IP addresses", "配置 IP 地址"),
        intro=Text("Addresses make it a network.", "有了地址，才成为网络。"),
        recap=Text(""),
        docker=Text(""),
        steps=(address,),
    )
    return Course(lessons=(veth, addresses))


def make_snapshot(*, pair: bool = False, sequence: int = 1) -> Snapshot:
    """The host with its network card and ``netns_dustin``; with ``pair`` the veth pair between them."""
    links = [
        Link(index=1, name="lo", kind="loopback", up=True, carrier=True, state="UNKNOWN"),
        Link(index=2, name="enp4s0", kind="veth", up=True, carrier=True, state="UP"),
    ]
    if pair:
        links.append(Link(index=8, name="veth_dustin", kind="veth", state="DOWN", peer="veth_ns_dustin"))
    host = Namespace(
        name="host",
        inode=1,
        links=tuple(links),
        addresses=(
            Address(link="lo", address="127.0.0.1", prefix=8, scope="host"),
            Address(link="enp4s0", address="192.168.0.100", prefix=24),
        ),
        routes=(
            Route(to="default", via="192.168.0.1", link="enp4s0"),
            Route(to="192.168.0.0/24", link="enp4s0", source="192.168.0.100"),
        ),
        chains=(Chain(table="filter", name="FORWARD", policy="DROP", packets=sequence),),
        rules=(Rule(table="filter", chain="FORWARD", text="-i veth_dustin -o enp4s0 -j ACCEPT", packets=sequence * 2),),
        sysctls={"net.ipv4.ip_forward": "0", "net.bridge.bridge-nf-call-iptables": "1"},
        listeners=(Listener(protocol="tcp", address="0.0.0.0", port=8080, process="python3"),),
        resolv_conf="nameserver 127.0.0.53\n",
    )
    inner = Namespace(name="netns_dustin", inode=2, links=(Link(index=1, name="lo", kind="loopback", state="DOWN"),))
    return Snapshot(sequence=sequence, namespaces=(host, inner))


class FakeShell:
    """Records what is written; ``say`` prints into the terminal."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.written = b""
        self.size = (80, 24)
        self.ended = False
        self.running: object | None = None
        self._prompt = asyncio.Event()
        self.at_prompt = True
        self.stops_at_interrupt = False
        """What runs there ends with Ctrl-C."""
        self.on_output: list[Callable[[bytes], None]] = []
        self.on_ended: list[Callable[[], None]] = []

    @property
    def at_prompt(self) -> bool:
        return self._prompt.is_set()

    @at_prompt.setter
    def at_prompt(self, there: bool) -> None:
        (self._prompt.set if there else self._prompt.clear)()

    def write(self, data: bytes) -> None:
        self.written += data
        if data == b"\x03" and self.stops_at_interrupt:
            self.running, self.at_prompt = None, True

    def resize(self, columns: int, rows: int) -> None:
        self.size = (columns, rows)

    async def wait_prompt(self) -> None:
        await self._prompt.wait()

    async def type(self, text: str) -> None:
        await self.wait_prompt()
        self.write(text.encode())

    def say(self, data: bytes) -> None:
        for callback in tuple(self.on_output):
            callback(data)

    def end(self) -> None:
        self.ended = True
        for callback in tuple(self.on_ended):
            callback()


class FakeLab:
    """Nothing is ever new in it."""

    async def refresh(self) -> None:
        """The counters are as they were."""


class FakeSession:
    """The interface of ``engine.session.session.Session`` that the screen uses."""

    def __init__(self, language: str = "en") -> None:
        self.course = make_course()
        self.step = self.course.steps[0]
        self.language = language
        self.progress = Progress()
        self.verdicts: tuple[Any, ...] = ()
        self.undone: tuple[Any, ...] = ()
        self.commands: tuple[Any, ...] = ()
        self.terminals: dict[str, FakeShell] = {}
        self.snapshot: Snapshot | None = None
        self.lab: object | None = None
        self.calls: list[str] = []
        self.size = (80, 24)
        self.elapsed_seconds = 754.0
        self.failure: Exception | None = None
        self.busy = False
        self.open_terminals: tuple[str, ...] = ()
        fake: Any = self
        self.history = History(fake)
        self.free_play = FreePlay(fake)
        self.predictions = Predictions(fake)
        self._subscribers: list[Callable[[Any], None]] = []

    @property
    def percent(self) -> int:
        return self.progress.percent(self.course)

    @property
    def hints_shown(self) -> int:
        return self.progress.hints.get(self.step.id, 0)

    @property
    def passed(self) -> bool:
        return self.step_state(self.step) != "todo"

    def step_state(self, step: Step) -> str:
        return self.progress.state(step.id)

    def subscribe(self, callback: Callable[[Any], None]) -> Callable[[], None]:
        self._subscribers.append(callback)
        return lambda: self._subscribers.remove(callback)

    def emit(self, event: Any) -> None:
        for callback in tuple(self._subscribers):
            callback(event)

    async def start(self) -> None:
        self.calls.append("start")
        if self.failure:
            raise self.failure
        self.emit(events.Busy(Message("course.busy-starting", {})))
        await self._fresh()
        self.emit(events.Idle())

    async def _fresh(self) -> None:
        self.terminals = {}
        self.lab = FakeLab()
        self.emit(events.LabStarted())
        for name in ("T1", "T2"):
            await self.terminal(name)
        self.snapshot = make_snapshot()
        self.emit(events.StepChanged(self.step))
        self.emit(events.SnapshotTaken(self.snapshot))

    async def close(self) -> None:
        self.calls.append("close")

    async def terminal(self, name: str) -> Any:
        shell = self.terminals.get(name)
        if shell is None or shell.ended:
            shell = self.terminals[name] = FakeShell(name)
            self.emit(events.TerminalOpened(shell))  # type: ignore[arg-type]
        return shell

    async def next(self) -> bool:
        self.calls.append("next")
        index = [step.id for step in self.course.steps].index(self.step.id)
        self.step = self.course.steps[index + 1]
        for command in self.step.commands:
            await self.terminal(command.terminal)
        self.verdicts = ()
        self.commands = ()
        self.emit(events.StepChanged(self.step))
        return True

    async def previous(self) -> bool:
        self.calls.append("previous")
        return True

    async def goto(self, step: Step) -> None:
        self.calls.append(f"goto {step.id}")
        self.step = step
        await self._fresh()

    def was_passed(self, step: Step) -> bool:
        return self.step_state(step) != "todo"

    def save(self) -> None:
        self.calls.append("save")

    async def catch_up(self) -> None:
        """Nothing is ever behind."""

    async def move(self, entries: list[Entry], step: Step, commands: Any = (), terminals: Any = ()) -> None:
        self.calls.append(f"move {len(entries)} {step.id}")
        self.progress.entries[:] = entries
        self.step = step
        await self._fresh()

    async def skip(self) -> None:
        self.calls.append("skip")
        self.progress.states[self.step.id] = "skipped"
        self.emit(events.ChecksEvaluated(self.verdicts, self.undone))

    async def reset(self) -> None:
        self.calls.append("reset")
        await self._fresh()

    def solution(self) -> Command | None:
        self.calls.append("solution")
        fake: Any = self
        return assistance.solution(fake)

    def is_done(self, terminal: str, text: str) -> bool:
        fake: Any = self
        return assistance.is_done(fake, terminal, text)

    def hint(self) -> Text | None:
        if not self.step.hints:
            return None
        self.progress.hints[self.step.id] = min(self.hints_shown + 1, len(self.step.hints))
        return self.step.hints[self.hints_shown - 1]

    def set_language(self, language: str) -> None:
        self.language = language
        self.emit(events.LanguageChanged(language))

    def set_size(self, columns: int, rows: int) -> None:
        self.size = (columns, rows)

    # -- what a test makes happen ------------------------------------------------------------------------------

    def evaluate(self, verdicts: tuple[Any, ...], undone: tuple[Any, ...] = ()) -> None:
        self.verdicts, self.undone = verdicts, undone
        self.emit(events.ChecksEvaluated(verdicts, undone))

    def emit_ended(self, name: str) -> None:
        self.emit(events.TerminalEnded(name))

    def pass_step(self) -> None:
        self.progress.states[self.step.id] = "done"
        self.emit(events.StepPassed(self.step))
