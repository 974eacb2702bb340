"""The page `docs/functions.md`, made from the registry.

`python -m app.mapping.functions.document > docs/functions.md` writes it; a test fails when the
page and the functions differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from app.mapping.functions import THEMES
from app.mapping.functions.idlab import OLD_IDLAB_FN
from app.mapping.functions.registry import (
    JFN,
    RESULT,
    Example,
    Function,
    Parameter,
    all_functions,
    refused,
)
from app.rdf.namespaces import GREL, IDLAB_FN, XSD

_PACKAGE: Final = all_functions.__module__.rpartition(".")[0]
_PREFIXES: Final = {
    "jfn": JFN,
    "grel": GREL,
    "idlab-fn": IDLAB_FN,
    "fns": "http://example.com/functions/",
    "xsd": XSD,
}

_INTRODUCTION: Final = """\
# 関数 / Functions

<!-- Made by `python -m app.mapping.functions.document`; edit the functions, not this page. -->

対応づけ（YARRRML・RML）から呼べる関数の一覧です。表の例はすべてテストとして実行されます。
Every function that a mapping (YARRRML, RML) may call. All examples in the tables are run as tests.

```yaml
po:
  - predicates: dcterms:date
    objects:
      function: jfn:eraDate
      parameters:
        - [jfn:value, $(設置年月日)]
```

- `jfn:` は `urn:tsunagu:fn:` です。引数は `jfn:` と名前で渡します（`jfn:value`）。
  `jfn:` is `urn:tsunagu:fn:`. A parameter is named by `jfn:` and its name (`jfn:value`); where
  GREL or IDLab have IRIs of their own for it, those are understood as well (and those of
  `http://example.com/idlab/function/`, the former namespace of IDLab).
- 名前の後ろが `…` の引数は何度でも書けます。`?` の引数は省略できます。
  A parameter with `…` may be given several times, one with `?` may be left out.
- 引数のどれかが空（値なし）なら関数は呼ばれず、結果も値なしです（「値なしも受け取る」関数を除く）。
  When an argument is null the function is not called and the result is null, except for those
  that take null.
- 矢印の後ろは、対応づけに型がないときのリテラルの型です。
  After the arrow: the datatype of a literal when the mapping states none.
- 読み取れない値は、場所と直し方の付いた指摘になり、処理は続きます。引数の定数の誤りは対応づけの
  誤りとして止まります。
  A value that cannot be read becomes a finding with its place and the way to mend it, and the run
  goes on; a constant that a function cannot use is an error of the mapping and stops it.
- 関数はファイルもネットワークも使わず、同じ値にはいつも同じ結果を返します。
  Functions use neither files nor the network, and give the same result for the same value.
"""


def theme_functions() -> Iterator[tuple[str, list[Function]]]:
    """The functions of this package by theme: the module's name, and its functions by IRI."""
    for theme in THEMES:
        module = f"{_PACKAGE}.{theme}"
        found = [f for f in all_functions() if f.call.__module__ == module]
        if found:
            yield theme, found


def document() -> str:
    """The whole page, in Markdown."""
    parts = [_INTRODUCTION]
    for theme, functions in theme_functions():
        parts += [_heading(theme), *map(_function, functions)]
    parts.append(_refusals())
    return "\n".join(parts)


def _heading(theme: str) -> str:
    return f"## {THEMES[theme].ja} / {THEMES[theme].en}\n"


def _function(function: Function) -> str:
    signature = ", ".join(map(_parameter, function.parameters))
    datatype = function.outputs[0].datatype
    arrow = f" → `{_short(datatype)}`" if datatype else ""
    lines = [
        f"### `{_short(function.iri)}({signature})`{arrow}\n",
        function.summary.ja + "  ",
        function.summary.en + "\n",
    ]
    if function.takes_null:
        lines.append("値なしも受け取ります。 Takes null.\n")
    lines += _iris(function)
    shown = {name for example in function.examples for name in example.arguments}
    names = [parameter.name for parameter in function.parameters if parameter.name in shown]
    lines.append(_row([*names, "→"]))
    lines.append("|" + " --- |" * (len(names) + 1))
    for example in function.examples:
        lines.append(_row([*(_value(example, name) for name in names), _shown(example.result)]))
    return "\n".join(lines) + "\n"


def _parameter(parameter: Parameter) -> str:
    return parameter.name + ("…" if parameter.many else "" if parameter.required else "?")


def _iris(function: Function) -> list[str]:
    """What is known by other IRIs than `jfn:` and the name."""
    lines = []
    if any(not iri.startswith(OLD_IDLAB_FN) for iri in function.aliases):
        lines.append("別名 Also: " + _known(function.aliases))
    for parameter in function.parameters:
        others = [iri for iri in parameter.iris if not iri.startswith(JFN)]
        if others:
            lines.append(f"`{parameter.name}`: {_known(others)}")
    outputs = [iri for output in function.outputs for iri in output.iris if iri != RESULT]
    if outputs:
        lines.append("出力 Returns: " + _known(outputs))
    return [f"- {line}" for line in lines] + [""] if lines else []


def _known(iris: Iterable[str]) -> str:
    return ", ".join(f"`{_short(iri)}`" for iri in iris if not iri.startswith(OLD_IDLAB_FN))


def _refusals() -> str:
    lines = [_heading("refusals"), _row(["IRI", "理由", "reason"])]
    lines.append("| --- | --- | --- |")
    lines += [
        _row([f"`{_short(iri)}`", why.ja, why.en])
        for iri, why in refused().items()
        if not iri.startswith(OLD_IDLAB_FN)
    ]
    return "\n".join(lines) + "\n"


def _short(iri: str) -> str:
    for prefix, namespace in _PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri


def _value(example: Example, name: str) -> str:
    return _shown(example.arguments[name]) if name in example.arguments else ""


def _shown(value: str | tuple[str | None, ...] | None) -> str:
    if value is None:
        return "（値なし null）"
    if isinstance(value, tuple):
        return " · ".join(map(_shown, value))
    text = value.replace("\n", "\\n").replace("|", "\\|")
    return f"`{text}`" if value == value.strip() and value else f'`"{text}"`'


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    print(document(), end="")
