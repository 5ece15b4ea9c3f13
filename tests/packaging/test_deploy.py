"""The image and the manifest say what the program takes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click
import yaml

from tui.classroom import data, opening
from tui.cli import main
from tui.commands.classroom_ import PORT, command

ROOT = Path(__file__).resolve().parents[2]
USER = 10001


def objects() -> dict[str, dict[str, Any]]:
    """The manifest's objects by kind; there is one of each."""
    documents = [one for one in yaml.safe_load_all((ROOT / "deploy" / "kubernetes.yaml").read_text()) if one]
    found = {one["kind"]: one for one in documents}
    assert len(found) == len(documents)
    return found


def instructions() -> dict[str, str]:
    """The Containerfile's, by name; those that come several times are put together."""
    text = re.sub(r"\\\n", " ", (ROOT / "Containerfile").read_text())
    found: dict[str, str] = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, _, words = line.partition(" ")
            found[name] = f"{found.get(name, '')} {words}".strip()
    return found


def test_every_object_is_complete_and_in_one_namespace() -> None:
    kinds = objects()
    assert set(kinds) == {"Namespace", "Secret", "Service", "StatefulSet", "Ingress", "NetworkPolicy"}
    name = kinds["Namespace"]["metadata"]["name"]
    for kind, one in kinds.items():
        assert one["apiVersion"], kind
        assert one["metadata"]["name"], kind
        if kind != "Namespace":
            assert one["metadata"]["namespace"] == name, kind


def test_labels_ports_and_keys_fit_together() -> None:
    kinds = objects()
    template = kinds["StatefulSet"]["spec"]["template"]
    labels, (hub,) = template["metadata"]["labels"], template["spec"]["containers"]
    assert kinds["StatefulSet"]["spec"]["selector"]["matchLabels"] == labels
    assert kinds["Service"]["spec"]["selector"] == labels
    assert kinds["NetworkPolicy"]["spec"]["podSelector"]["matchLabels"] == labels
    assert kinds["StatefulSet"]["spec"]["serviceName"] == kinds["Service"]["metadata"]["name"]
    (port,) = hub["ports"]
    assert port["containerPort"] == PORT == kinds["Service"]["spec"]["ports"][0]["port"]
    assert kinds["NetworkPolicy"]["spec"]["ingress"][0]["ports"][0]["port"] == PORT
    for probe in ("readinessProbe", "livenessProbe"):
        assert hub[probe]["httpGet"] == {"path": "/alive", "port": port["name"]}
    (rule,) = kinds["Ingress"]["spec"]["rules"]
    assert rule["http"]["paths"][0]["backend"]["service"]["name"] == kinds["Service"]["metadata"]["name"]
    assert kinds["Ingress"]["spec"]["tls"][0]["hosts"] == [rule["host"]]
    assert kinds["Ingress"]["metadata"]["annotations"]["nginx.ingress.kubernetes.io/affinity"] == "cookie"
    keys = {one["valueFrom"]["secretKeyRef"]["key"] for one in hub["env"] if "secretKeyRef" in one["valueFrom"]}
    assert keys == set(kinds["Secret"]["stringData"])
    mounts = {mount["name"]: mount["mountPath"] for mount in hub["volumeMounts"]}
    assert set(mounts) == {volume["name"] for volume in template["spec"]["volumes"]}
    assert f"--data={mounts['data']}" in hub["args"]


def test_the_program_takes_the_words_and_the_variables() -> None:
    kinds = objects()
    (hub,) = kinds["StatefulSet"]["spec"]["template"]["spec"]["containers"]
    name, *words = hub["args"]
    assert main.get_command(click.Context(main), name) is command  # type: ignore[attr-defined]
    params = command.make_context(name, words).params
    assert params["listen"] == ("0.0.0.0", PORT)
    assert params["no_board"]
    assert params["public_url"] == f"https://{kinds['Ingress']['spec']['rules'][0]['host']}"
    variables = {one["name"] for one in hub["env"]}
    assert {data.URL_VARIABLE, data.TOKEN_VARIABLE, opening.HUB_VARIABLE} < variables
    assert params["code"] == "$(CODE)"
    assert "CODE" in variables


def test_the_program_in_the_container_is_not_root() -> None:
    pod = objects()["StatefulSet"]["spec"]["template"]["spec"]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["runAsUser"] == USER
    assert pod["automountServiceAccountToken"] is False
    assert instructions()["USER"] == str(USER)
    assert f"--uid {USER} " in instructions()["RUN"]


def test_the_image_has_every_program_that_the_lessons_need() -> None:
    installed = set(instructions()["RUN"].split())
    lines = (ROOT / "engine" / "lab" / "doctor" / "tools.txt").read_text().splitlines()
    rows = [line.split() for line in lines if line and not line.startswith("#")]
    assert {row[2] for row in rows} <= installed
    assert instructions()["EXPOSE"] == str(PORT)
    assert instructions()["VOLUME"] in instructions()["RUN"]
    assert "'/src[postgresql]'" in instructions()["RUN"]
