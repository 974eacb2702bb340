"""One frozen model of all settings: name, default, help; read from a file and `TSUNAGU_*`.

Nothing reads settings at import: an entry point calls `load()` and hands the model down.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from app.errors import Place, SettingsError, Text

FILE_NAME = "tsunagu.toml"
ENVIRONMENT_PREFIX = "TSUNAGU_"


class Settings(BaseModel):
    """Everything that an operator may change. Each field has a description: it is the help."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base_iri: str = Field(
        "http://127.0.0.1:8000",
        description="Start of every IRI that is made here, without a slash at the end. "
        "Choose it once: published addresses must not change.",
    )
    data_dir: Path = Field(Path("data"), description="Where releases, dumps and logs are kept.")
    mappings_dir: Path = Field(Path("mappings"), description="Folder of the data sets' folders.")
    vocab_dir: Path = Field(Path("vocab"), description="Folder of vocabularies and code lists.")
    sparql_dir: Path = Field(Path("sparql"), description="Folder of saved queries (*.rq).")
    title: str = Field("つなぐ", description="Name of the site, shown on every page.")
    publisher: str = Field("", description="Name of the body that publishes, for the catalog.")
    default_licence: str = Field(
        "https://creativecommons.org/licenses/by/4.0/",
        description="Licence IRI of data sets that name none.",
    )
    language: Literal["auto", "ja", "en"] = Field(
        "auto", description="Language of messages on the command line; auto follows LANG."
    )

    map_tiles: str = Field(
        "",
        description="Address of map tiles, with {z}, {x} and {y}; empty: maps show degrees and "
        "place names only, and browsers ask no other server. For the maps of the Geospatial "
        "Information Authority of Japan: https://cyberjapandata.gsi.go.jp/xyz/pale/{z}/{x}/{y}.png",
    )
    map_credit: str = Field(
        "",
        description="Credit line of the tiles, as their owner asks for it (地理院タイル).",
    )

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=1, le=65535, description="Port to listen on.")
    proxies: tuple[str, ...] = Field(
        (),
        description="Addresses or networks of proxies whose X-Forwarded headers are believed "
        "(separated by commas in the environment).",
    )
    workers: int = Field(1, ge=1, le=64, description="Number of HTTP server processes.")

    log_level: Literal["info", "warning", "error"] = Field(
        "info", description="What is logged; info has a line for each query."
    )
    log_format: Literal["auto", "json", "text"] = Field(
        "auto", description="How the log is written; auto is text on a terminal, else JSON."
    )
    releases_kept: int = Field(3, ge=1, description="Finished releases kept for rollback.")

    query_workers: int = Field(
        2, ge=1, le=64, description="Query processes kept ready for each HTTP server process."
    )
    query_timeout_s: float = Field(
        10.0, gt=0, description="Seconds after which a query's process is ended."
    )
    query_token_timeout_s: float = Field(
        60.0, gt=0, description="The same for queries that come with a token and ask for more."
    )
    query_memory_bytes: int = Field(
        4 << 30, ge=512 << 20, description="Address space of a query process (RLIMIT_AS)."
    )
    query_text_bytes: int = Field(64 << 10, ge=256, description="Longest query text.")
    query_result_bytes: int = Field(256 << 20, ge=1024, description="Longest answer.")
    query_rows: int = Field(
        1_000_000,
        ge=1,
        description="Most rows of one answer to SELECT; the rest is offered as further pages.",
    )
    query_budget_s: float = Field(
        60.0,
        gt=0,
        description="Query seconds that one client address may use a minute; more is 429.",
    )
    query_burst_s: float = Field(
        120.0, gt=0, description="Query seconds that a client who has rested may use at once."
    )
    query_cache_bytes: int = Field(
        64 << 20, ge=0, description="Memory for answers to queries, for each HTTP server process."
    )
    query_max_age_s: int = Field(
        10, ge=0, description="Seconds for which caches may give an answer without asking again."
    )
    query_slow_s: float = Field(
        1.0, ge=0, description="Queries that take longer are logged with their text."
    )
    query_queue: int = Field(64, ge=0, description="Queries that may wait for a process.")
    query_stack_bytes: int = Field(
        1 << 30, ge=1 << 20, description="Thread stack of a query process: nested queries need it."
    )
    saved_query_rows: int = Field(
        10_000, ge=1, description="Most rows of one answer of a saved query."
    )
    saved_query_bytes: int = Field(
        32 << 20, ge=1024, description="Longest result of a saved query, as SPARQL JSON."
    )
    embed_origins: tuple[str, ...] = Field(
        ("*",),
        description="Sites that may show results of saved queries in frames of their own pages "
        "(?embed=1): origins such as https://www.example.jp, * for all, empty for none but this.",
    )
    image_origins: tuple[str, ...] = Field(
        (),
        description="Sites whose pictures pages may show: origins such as "
        "https://www.example.lg.jp; pictures elsewhere are links.",
    )
    changes_quads: int = Field(
        2_000_000,
        ge=1,
        description="Most quads of a data set that may differ between two releases for a list of "
        "changes to be made; it costs about 0.5 kB of memory for each.",
    )
    changes_bytes: int = Field(
        1 << 30, ge=0, description="Disk for lists of changes; the least used ones go first."
    )
    changes_timeout_s: float = Field(
        300.0, gt=0, description="Seconds after which comparing two releases is given up."
    )
    events_connections: int = Field(
        200, ge=0, description="Clients of /events at once, for each HTTP server process."
    )
    canonical_quads: int = Field(
        500_000,
        ge=0,
        description="Graphs with blank nodes and up to so many quads get a canonical hash "
        "(RDFC-1.0) in each release; about 10 µs and 0.4 kB of memory for each quad. Graphs "
        "without blank nodes always get one.",
    )
    union_default_graph: bool = Field(
        True, description="Whether a query's default graph is the union of all published graphs."
    )

    entity_answer: Literal["redirect", "direct"] = Field(
        "redirect",
        description="What the address of a thing answers: redirect is 303 to its document, "
        "direct is 200 with the document itself.",
    )
    write_timeout_s: float = Field(
        60.0, gt=0, description="Seconds after which the process of a SPARQL update is ended."
    )
    write_text_bytes: int = Field(1 << 20, ge=256, description="Longest SPARQL update.")
    write_bytes: int = Field(
        64 << 20, ge=1024, description="Longest RDF document that the graph store takes."
    )
    write_depth: int = Field(
        64, ge=4, le=200, description="Deepest nesting of a JSON-LD document for the graph store."
    )
    write_wait_s: float = Field(
        30.0, gt=0, description="Seconds for which a write waits while another one is published."
    )

    entity_quads: int = Field(
        2_000, ge=10, description="Most statements on the page of one entity."
    )
    entity_incoming: int = Field(
        50, ge=1, le=500, description="Incoming links of one property on a page."
    )
    page_cache_bytes: int = Field(
        64 << 20, ge=0, description="Memory for rendered pages, for each HTTP server process."
    )

    source_bytes: int = Field(4 << 30, ge=1024, description="Largest source after unpacking.")
    source_columns: int = Field(4096, ge=1, description="Most columns of a table.")
    source_cell_bytes: int = Field(1 << 20, ge=64, description="Longest cell.")
    source_expansion: int = Field(
        1000, ge=1, description="Largest ratio of unpacked to packed size of a source."
    )
    source_sheet_cells: int = Field(
        10_000_000,
        ge=1000,
        description="Most cells of a sheet of a workbook, from its first to its last one.",
    )
    source_json_bytes: int = Field(
        64 << 20, ge=1024, description="Largest JSON source, which is read into memory whole."
    )
    source_depth: int = Field(100, ge=5, le=200, description="Deepest nesting of a JSON source.")
    upload_bytes: int = Field(
        64 << 20, ge=1024, description="Largest upload or paste on the page that checks tables."
    )
    publish_check_rows: int = Field(
        200_000,
        ge=0,
        description="Rows of each table that are checked when it is published, for the report on "
        "the data set's page; 0: none.",
    )
    fetch_hosts: tuple[str, ...] = Field(
        (),
        description="Servers that tables may be fetched from: names such as www.example.lg.jp, "
        "*.example.lg.jp for all below, name:port for another port; empty: none "
        "(separated by commas in the environment).",
    )
    fetch_networks: tuple[str, ...] = Field(
        (),
        description="Networks besides the public internet that those servers may be in, "
        "such as 10.1.0.0/16.",
    )
    fetch_bytes: int = Field(
        256 << 20, ge=1024, description="Largest table that is fetched from another server."
    )
    fetch_timeout_s: float = Field(
        120.0, gt=0, description="Seconds after which fetching a table is given up."
    )
    schedule: bool = Field(
        True, description="Whether the server publishes data sets on their schedules."
    )
    schedule_zone: str = Field(
        "Asia/Tokyo", description="Time zone in which schedules are written."
    )
    mapping_bytes: int = Field(1 << 20, ge=1024, description="Largest mapping file.")
    mapping_depth: int = Field(50, ge=5, description="Deepest nesting of a mapping file.")

    @field_validator("proxies", mode="before")
    @classmethod
    def _addresses_or_networks(cls, value: Any) -> Any:
        listed = _listed(value)
        for proxy in listed:
            ip_network(proxy, strict=False)
        return listed

    @field_validator("fetch_networks", mode="before")
    @classmethod
    def _networks(cls, value: Any) -> Any:
        listed = _listed(value)
        for network in listed:
            ip_network(network, strict=False)
        return listed

    @field_validator("fetch_hosts", mode="before")
    @classmethod
    def _hosts(cls, value: Any) -> Any:
        listed = _listed(value)
        for host in listed:
            if not re.fullmatch(r"(\*|(\*\.)?[A-Za-z0-9.\-]+)(:\d{1,5})?", host):
                raise ValueError(f"{host} is no server name such as www.example.lg.jp")
        return listed

    @field_validator("schedule_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ValueError, OSError, KeyError):
            raise ValueError("is no time zone such as Asia/Tokyo") from None
        return value

    @field_validator("embed_origins", mode="before")
    @classmethod
    def _origins(cls, value: Any) -> Any:
        # They go into a header: nothing but an origin's characters may stand in them.
        listed = value.split(",") if isinstance(value, str) else value
        origins = tuple(part.strip() for part in listed if part.strip())
        for origin in origins:
            if origin != "*" and not re.fullmatch(r"https?://[A-Za-z0-9.*\-]+(:\d+)?", origin):
                raise ValueError(f"{origin} is no origin such as https://www.example.jp, nor *")
        return origins

    @field_validator("image_origins", mode="before")
    @classmethod
    def _picture_origins(cls, value: Any) -> Any:
        listed = tuple(_listed(value))
        for origin in listed:
            if not re.fullmatch(r"https?://[A-Za-z0-9.\-]+(:\d+)?", origin):
                raise ValueError(f"{origin} is no origin such as https://www.example.lg.jp")
        return listed

    @field_validator("map_tiles")
    @classmethod
    def _address_of_tiles(cls, value: str) -> str:
        # The origin goes into a header: nothing but an origin's characters may stand in it.
        named = all(part in value for part in ("{z}", "{x}", "{y}"))
        if value and not (named and re.match(r"https?://[A-Za-z0-9.\-]+(:\d+)?/", value)):
            raise ValueError("must be an http(s) address with {z}, {x} and {y}, or empty")
        return value

    @field_validator("base_iri")
    @classmethod
    def _no_slash_at_the_end(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")) or any(c in value for c in "?# <>"):
            raise ValueError("must start with http:// or https:// and have no query or fragment")
        return value.rstrip("/")


def _listed(value: Any) -> Any:
    """A list, or in the environment its parts separated by commas."""
    if not isinstance(value, str):
        return value
    return [part.strip() for part in value.split(",") if part.strip()]


@dataclass(frozen=True, slots=True)
class SettingSource:
    """Where a value came from: `default`, the file's name, or the variable's name."""

    name: str
    value: object
    source: str
    help: str


def load(
    file: Path | None = None, environment: Mapping[str, str] | None = None, **overrides: Any
) -> Settings:
    """Settings from defaults, then the file, then `TSUNAGU_*`, then `overrides`.

    `file` defaults to tsunagu.toml in the working directory if there is one; `overrides` that
    are None are ignored. Relative folders stay relative to the working directory.
    Raises SettingsError naming the setting and where its value came from.
    """
    values, sources = _collect(file, os.environ if environment is None else environment)
    for name, value in overrides.items():
        if value is not None:
            values[name], sources[name] = value, "command line"
    try:
        return Settings(**values)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "?"
        raise SettingsError(
            Text(
                ja=f"設定 {name} の値が正しくありません ({sources.get(name, '?')}): {first['msg']}",
                en=f"setting {name} is wrong (from {sources.get(name, '?')}): {first['msg']}",
            ),
            hint=Text(
                ja="`tsunagu settings` で設定の一覧と説明を確認してください。",
                en="`tsunagu settings` lists every setting with its help.",
            ),
        ) from error


def explain(
    file: Path | None = None, environment: Mapping[str, str] | None = None
) -> list[SettingSource]:
    """Name, value, source and help of every setting, as `load` would take them."""
    environment = os.environ if environment is None else environment
    settings = load(file, environment)
    _, sources = _collect(file, environment)
    return [
        SettingSource(
            name, getattr(settings, name), sources.get(name, "default"), field.description or ""
        )
        for name, field in Settings.model_fields.items()
    ]


def _collect(
    file: Path | None, environment: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, str]]:
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    path = file or Path(FILE_NAME)
    if file is not None or path.exists():
        for name, value in _read_toml(path).items():
            values[name], sources[name] = value, str(path)
    for variable, text in environment.items():
        if variable.startswith(ENVIRONMENT_PREFIX):
            name = variable.removeprefix(ENVIRONMENT_PREFIX).lower()
            values[name], sources[name] = text, variable
    unknown = [name for name in values if name not in Settings.model_fields]
    if unknown:
        raise _unknown(unknown[0], sources[unknown[0]])
    return values, sources


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(
            Text(
                ja=f"設定ファイルを読めません: {error.strerror}",
                en=f"the settings file cannot be read: {error.strerror}",
            ),
            place=Place(str(path)),
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(
            Text(
                ja=f"設定ファイルが TOML として読めません: {error}",
                en=f"the settings file is not TOML: {error}",
            ),
            place=Place(str(path)),
        ) from error


def _unknown(name: str, source: str) -> SettingsError:
    from difflib import get_close_matches

    near = get_close_matches(name, Settings.model_fields, n=1)
    return SettingsError(
        Text(
            ja=f"{source} に未知の設定 {name} があります。",
            en=f"{source} holds an unknown setting {name}.",
        ),
        hint=Text(ja=f"{near[0]} のことですか。", en=f"Did you mean {near[0]}?") if near else None,
    )
