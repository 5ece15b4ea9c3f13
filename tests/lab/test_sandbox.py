"""What a lab is made of, as data."""

from __future__ import annotations

import pytest

from engine.lab import sandbox, tree
from engine.lab.errors import LabError

SECRET = ("/etc", "/home", "/root", "/var", "/run", "/tmp", "/srv", "/opt", "/mnt", "/media", "/boot", "/")


def pairs(option: str) -> list[tuple[str, str]]:
    words = sandbox.plan(sandbox.preferred_variant()).arguments
    return [(words[at + 1], words[at + 2]) for at, word in enumerate(words) if word == option]


@pytest.mark.lab
def test_nothing_of_the_real_host_is_bound_but_usr_and_a_few_directories() -> None:
    assert all(source == target for source, target in pairs("--ro-bind"))
    bound = {source for source, _ in pairs("--ro-bind")}
    assert bound <= {"/usr", *tree.BOUND, *(f"/{name}" for name in ("bin", "sbin", "lib", "lib64", "lib32", "libx32"))}
    assert not bound & set(SECRET)
    assert pairs("--bind") == [("/sys", "/sys")]


@pytest.mark.lab
def test_the_environment_is_cleared_and_the_tree_dies_with_its_parent() -> None:
    words = sandbox.plan(sandbox.preferred_variant()).arguments
    for option in ("--clearenv", "--die-with-parent", "--unshare-user", "--unshare-net", "--unshare-pid"):
        assert option in words


def test_written_files_name_no_real_user() -> None:
    users = tree.files()["/etc/passwd"].content.decode()
    assert [line.split(":")[0] for line in users.splitlines()] == ["you", "root", "tcpdump", "nobody"]
    assert tree.programs()["/opt/lab/bin/sudo"].mode == 0o755


def test_an_unknown_variant_is_an_error() -> None:
    with pytest.raises(ValueError, match="nft or legacy"):
        sandbox.variant_program("ebtables")


def test_a_missing_tool_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "SYSTEM_PATH", "/nonexistent")
    with pytest.raises(LabError, match="`bwrap`"):
        sandbox.tool("bwrap")
    with pytest.raises(LabError, match="iptables-legacy"):
        sandbox.variant_program("legacy")
