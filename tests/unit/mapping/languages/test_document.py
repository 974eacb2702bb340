"""YAML is read with positions, and hostile or broken text costs next to nothing."""

from __future__ import annotations

import time
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import MappingSyntaxError, TsunaguError
from app.mapping.languages.document import Map, Scalar, Sequence, read_document
from app.mapping.languages.scanning import Limits

LIMITS = Limits.of()


def read(text: str) -> Map | Sequence | Scalar:
    return read_document(text, file="m.yml", limits=LIMITS)


def test_every_node_knows_where_it_stands() -> None:
    root = read('a: 1\nb:\n  - "x y"\n  - {c: d}\n')
    assert isinstance(root, Map)
    assert [str(entry.key.place) for entry in root] == ["m.yml:1:1", "m.yml:2:1"]
    listed = root.entries[1].value
    assert isinstance(listed, Sequence)
    assert [str(item.place) for item in listed] == ["m.yml:3:5", "m.yml:4:5"]


def test_a_character_of_a_scalar_is_placed_behind_an_opening_quote() -> None:
    root = read('a: "xyz"\nb: xyz\n')
    assert isinstance(root, Map)
    quoted, plain = root.entries[0].value, root.entries[1].value
    assert isinstance(quoted, Scalar)
    assert isinstance(plain, Scalar)
    assert (quoted.at(2).column, plain.at(2).column) == (7, 6)


def test_folded_and_escaped_scalars_are_placed_at_their_beginning() -> None:
    root = read('a: "x\\u3042y"\nb: |\n  line\n')
    assert isinstance(root, Map)
    for entry in root:
        assert isinstance(entry.value, Scalar)
        assert entry.value.at(2) == entry.value.place


@pytest.mark.parametrize(
    "text", ["no", "yes", "012", "12:30", "1.0", "2024-01-01", "0x1F", "1_000"]
)
def test_scalars_stay_text(text: str) -> None:
    root = read(f"a: {text}")
    assert isinstance(root, Map)
    assert root.entries[0].value == Scalar(text, root.entries[0].value.place)


@pytest.mark.parametrize("text", ["", "~", "null"])
def test_nothing_is_known_as_nothing(text: str) -> None:
    root = read(f"a: {text}")
    assert isinstance(root, Map)
    value = root.entries[0].value
    assert isinstance(value, Scalar)
    assert value.is_null


def test_a_byte_order_mark_is_no_character() -> None:
    root = read("\ufeffa: 1")
    assert isinstance(root, Map)
    assert str(root.entries[0].key.place) == "m.yml:1:1"


REFUSED = [
    ("a: &x 1", 1, 4, "アンカー", "anchors"),
    ("a: 1\nb: *x", 2, 4, "エイリアス", "aliases"),
    ("a: !!python/object:os.system x", 1, 4, "タグ", "tags"),
    ("a: 1\nb: 2\na: 3", 3, 1, "一度目は 1 行目", "first on line 1"),
    ("a: 1\n---\nb: 2", 2, 1, "二つ目の文書", "second document"),
    ("[a]: b", 1, 1, "キーは文字列", "a key must be text"),
    ("a: \x01", 1, 4, "U+0001", "U+0001"),
    ("a:\n\tb: 1", 2, 1, "タブではなく空白", "spaces, not tabs"),
    ("a: b: c", 1, 5, "引用符で囲んで", "into quotes"),
    ("a: [1, 2", 1, 9, "閉じ括弧", "brackets"),
    ("a: 'x", 1, 6, "引用符が閉じて", "quotes are closed"),
    ("mappings：\n  a: b", 2, 4, "全角の「：」", "full-width colon"),
    ("a: @b", 1, 4, "@ ` %", "@, ` or %"),
    ("a: 1\nb\nc: 1", 3, 1, "半角|キーの後", ": "),
]


@pytest.mark.parametrize(("text", "line", "column", "ja", "en"), REFUSED)
def test_what_is_refused_says_where_and_what_to_do(
    text: str, line: int, column: int, ja: str, en: str
) -> None:
    with pytest.raises(MappingSyntaxError) as caught:
        read(text)
    assert caught.value.place is not None
    assert (caught.value.place.line, caught.value.place.column) == (line, column)
    assert any(part in caught.value.message("ja") for part in ja.split("|"))
    assert en in caught.value.message("en")


BOMBS = {
    "100,000 brackets": "[" * 100_000,
    "100,000 braces": "{a: " * 100_000,
    "100,000 dashes": "- " * 100_000,
    "question marks": "? " * 50_000,
    "1,000 levels of indentation": "".join(" " * i + "a:\n" for i in range(1000)),
    "an alias bomb": "a: &a [x,x]\n"
    + "".join(f"b{i}: &b{i} [*a,*a,*a,*a,*a,*a,*a,*a]\n" for i in range(30)),
    "a megabyte of exclamation marks": "!" * 1_000_000,
    "a megabyte of anchors": "&a " * 300_000,
    "five megabytes": "a: " + "x" * 5_000_000,
    "five megabytes of three-byte characters": "a: " + "あ" * 400_000,
    "colons": ": " * 500_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_an_error_within_a_second_and_little_memory(name: str) -> None:
    tracemalloc.start()
    started = time.process_time()
    with pytest.raises(MappingSyntaxError) as caught:
        read(BOMBS[name])
    elapsed = time.process_time() - started
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert elapsed < 1
    assert peak < 32 << 20
    assert caught.value.hint is not None


def test_too_many_parts_are_an_error() -> None:
    small = Limits(bytes=2_000, depth=50)
    with pytest.raises(MappingSyntaxError, match="too many parts"):
        read_document("[" + "a," * 900 + "]", file="m.yml", limits=small)


def test_depth_is_counted_as_the_setting_says() -> None:
    limits = Limits(bytes=1 << 20, depth=5)
    read_document("[" * 5 + "]" * 5, file="m.yml", limits=limits)
    with pytest.raises(MappingSyntaxError, match="at most 5 levels"):
        read_document("[" * 6 + "]" * 6, file="m.yml", limits=limits)


@given(st.text(alphabet="ab:-[]{}&*!|>'\"#%@`?, \n\t　：$()\\", max_size=60))
def test_any_text_is_read_or_refused_with_our_error(text: str) -> None:
    refused: TsunaguError | None = None
    try:
        read(text)
    except TsunaguError as error:
        refused = error
    assert refused is None or (refused.place is not None and refused.message("ja"))
