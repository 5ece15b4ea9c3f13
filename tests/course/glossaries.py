"""A small glossary in both languages, and every way to write it wrong."""

from __future__ import annotations

ENGLISH = """# Glossary

Words.

## Cable

<!-- term: cable
words: [veth pair]
step: cable/create
related: [device]
-->

It has **two** ends.

```console
$ ip link list
```

## Device (NIC)

<!-- term: device
step: cable/create
-->

Where packets leave.

```console docker
$ docker network ls
```
"""
CHINESE = """# 术语表

## 网线

<!-- term: cable
words: [veth 对]
-->

它有**两**头。

```console
$ ip link list
```

## 设备

<!-- term: device -->

数据包从这里出去。

```console docker
$ docker network ls
```
"""

SHOWN = "```console\n$ ip link list\n```\n"

Case = tuple[str, str, int, bool]
"""The English file, the Chinese one, the line of the problem, and whether it is in the Chinese file."""

PROBLEMS: dict[str, Case] = {
    "heading-without-term": (ENGLISH.replace("<!-- term: cable", "<!-- trm: cable"), CHINESE, 5, False),
    "duplicate-term": (ENGLISH.replace("term: device", "term: cable"), CHINESE, 19, False),
    "empty-term": (ENGLISH.replace("It has **two** ends.\n", ""), CHINESE, 5, False),
    "term-unknown-step": (ENGLISH.replace("step: cable/create", "step: cable/craete", 1), CHINESE, 9, False),
    "unknown-related": (ENGLISH.replace("related: [device]", "related: [divice]"), CHINESE, 10, False),
    "translated-unknown-term": (ENGLISH, CHINESE.replace("term: device", "term: divice"), 15, True),
}
MORE_PROBLEMS: dict[str, tuple[str, Case]] = {
    # what lessons have as well: the problem's name, and a case
    "related to itself": ("unknown-related", (ENGLISH.replace("[device]", "[cable]"), CHINESE, 10, False)),
    "no id": ("bad-id", (ENGLISH.replace("term: device", "term:"), CHINESE, 21, False)),
    "an id with capitals": ("bad-id", (ENGLISH.replace("term: device", "term: Device"), CHINESE, 21, False)),
    "an unknown field": ("unknown-field", (ENGLISH.replace("related:", "relatd:"), CHINESE, 10, False)),
    "words that are no list": ("wrong-type", (ENGLISH.replace("[veth pair]", "veth"), CHINESE, 8, False)),
    "broken YAML": ("broken-yaml", (ENGLISH.replace("[device]", "[device"), CHINESE, 11, False)),
    "a step in Chinese": ("only-in-english", (ENGLISH, CHINESE.replace("words", "step: a/b\nwords"), 6, True)),
    "no heading": ("empty-heading", (ENGLISH.replace("## Cable", "##"), CHINESE, 5, False)),
    "no command": ("fence-without-command", (ENGLISH.replace("$ ip", "ip"), CHINESE, 15, False)),
    "an open fence": ("open-fence", (ENGLISH.removesuffix("```\n"), CHINESE, 27, False)),
}
LINTED: dict[str, Case] = {
    "term-without-command": (ENGLISH.replace(SHOWN, ""), CHINESE.replace(SHOWN, ""), 5, False),
    "term-without-step": (ENGLISH.replace("step: cable/create\n", "", 1), CHINESE, 5, False),
    "term-not-translated": (ENGLISH, CHINESE[: CHINESE.index("## 设备")], 0, True),
    "term-same-words": (ENGLISH, CHINESE.replace("数据包从这里出去。", "Where packets leave."), 15, True),
    "term-commands-differ": (ENGLISH, CHINESE.replace("ip link list", "ip link"), 12, True),
    "terms-order-differs": (
        ENGLISH,
        "# 术语表\n\n" + CHINESE[CHINESE.index("## 设备") :] + "\n" + CHINESE[6 : CHINESE.index("## 设备")],
        1,
        True,
    ),
    "word-twice": (ENGLISH.replace("[veth pair]", "[veth pair, nic]"), CHINESE, 19, False),
}
