"""``list``, ``try`` and ``verify`` as scripts use them: JSON of a fixed shape, and exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command_line import PROGRAM, ROOT, nsteps

COURSE = """# One step

<!-- lesson
minutes: 1
-->

You will make a namespace.

## Make it

<!-- step: make -->

```console T1
$ sudo ip netns add netns_dustin
```

<!-- checks
- id: there
  namespace: {name: netns_dustin}
  {until}
-->

<details class="hint"><summary>Hint</summary>

`ip netns add NAME`

</details>

<details class="explanation"><summary>What happened</summary>

It is there.

</details>

<!-- accepted
- ip netns add netns_dustin
-->

<!-- mistakes
- run: sudo ip netns add netns_dustn
  fails: there
  says: near-name
-->

## Take it away

<!-- step: away -->

```console T1
$ sudo ip netns delete netns_dustin
```

<!-- checks
- id: gone
  namespace: {name: netns_dustin, absent: true}
-->

<details class="hint"><summary>Hint</summary>

`ip netns delete NAME`

</details>

<details class="explanation"><summary>What happened</summary>

It is gone.

</details>
"""


def course(directory: Path, *, until: str = "until: one/away") -> Path:
    """A course of one lesson in which a namespace comes and goes."""
    directory.mkdir()
    (directory / "01-one.md").write_text(COURSE.replace("{until}", until), encoding="utf-8")
    return directory


def test_list_tells_every_step_with_its_reference_commands() -> None:
    done = nsteps("list", "--json")
    assert done.returncode == 0
    data = json.loads(done.stdout)
    assert len(data["lessons"]) == 10
    step = next(one for one in data["lessons"][3]["steps"] if one["id"] == "veth/create-pair")
    assert step["number"] == "4.1" and step["title"] and step["progress"] == "todo"
    command = step["commands"][0]
    assert command["text"] == "sudo ip link add dev veth_dustin type veth peer name veth_ns_dustin"
    assert set(command) >= {"text", "terminal", "namespace", "exit"}


@pytest.mark.lab
@pytest.mark.parametrize(("word", "code"), [("netns_dustin", 0), ("netns_dustn", 1)])
def test_try_types_judges_and_ends_with_its_verdict(word: str, code: int) -> None:
    done = nsteps("try", "network-namespace/create", "--json", "--", f"sudo ip netns add {word}", "ip netns list")
    assert done.returncode == code, done.stderr
    data = json.loads(done.stdout)
    assert set(data) == {"step", "passed", "checks", "commands", "snapshot"}
    assert data["step"] == "network-namespace/create" and data["passed"] is (code == 0)
    assert all({"id", "passed", "expected", "observed", "hint"} <= set(check) for check in data["checks"])
    assert [(one["command"], one["exit"]) for one in data["commands"]] == [
        (f"sudo ip netns add {word}", 0),
        ("ip netns list", 0),
    ]
    assert word in data["commands"][1]["output"]
    assert word in [space["name"] for space in data["snapshot"]["namespaces"]]
    if code:
        failed = next(check for check in data["checks"] if not check["passed"])
        assert "netns_dustn" in failed["hint"] and "netns_dustin" in failed["hint"]


@pytest.mark.lab
def test_try_takes_a_number_and_commands_on_standard_input() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, "try", "3.2", "--lang", "zh"],
        input="sudo ip netns exec netns_dustin bash\n\nip link set lo up\nip address list\n",
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin:/usr/sbin:/sbin"},
        cwd="/",
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "步骤通过" in done.stdout


@pytest.mark.parametrize("words", [("try", "3.2"), ("try", "no/step", "true"), ("verify", "no-lesson")])
def test_what_cannot_be_done_is_a_usage_error(words: tuple[str, ...]) -> None:
    done = nsteps(*words)
    assert done.returncode == 2
    assert done.stderr.strip() and "Traceback" not in done.stderr


@pytest.mark.lab
def test_verify_proves_another_course(tmp_path: Path) -> None:
    done = nsteps("verify", "--json", "--lessons", str(course(tmp_path / "course")))
    assert done.returncode == 0, done.stdout + done.stderr
    proof = json.loads(done.stdout)
    assert proof["ends_as_began"] is True
    assert [(one["step"], one["accepted"], one["mistakes"], one["problems"]) for one in proof["steps"]] == [
        ("one/make", 1, 1, []),
        ("one/away", 0, 0, []),
    ]


@pytest.mark.lab
def test_verify_names_what_does_not_hold(tmp_path: Path) -> None:
    done = nsteps("verify", "--lessons", str(course(tmp_path / "course", until="")))
    assert done.returncode == 1
    assert "01-one.md" in done.stdout and "until: one/away" in done.stdout
