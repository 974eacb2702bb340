"""Coordinates: numbers, in Japan, not swapped, not 0,0, not far from all the others; the datum."""

from __future__ import annotations

import re
from functools import partial
from typing import Any, ClassVar, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from app.errors import Text
from app.findings import Severity, kind
from app.quality import shapes
from app.quality.check import Cells, Kinds, Mask, Reporter, Rows, Subject, as_mask
from app.quality.checks.judged import NO_VALUE
from app.quality.role import Role

COORDINATE_ZERO = kind(
    "coordinate-zero",
    Severity.ERROR,
    what=Text("{column}が 0 です。", "the value of {column} is 0."),
    why=Text(
        "緯度 0・経度 0 はアフリカ沖の海上です。地図ではそこに表示されます。",
        "0, 0 lies in the sea off Africa, and maps will show it there.",
    ),
    mend=Text(
        "位置が分からないときは空欄にしてください。", "Leave the cell empty where it is not known."
    ),
)
COORDINATE_SWAPPED = kind(
    "coordinate-swapped",
    Severity.ERROR,
    what=Text(
        "緯度の列に経度、経度の列に緯度が入っているようです（{value}）。",
        "latitude and longitude seem to be swapped ({value}).",
    ),
    why=Text("地図上の位置が国外になります。", "On a map it falls far outside Japan."),
    mend=Text("二つの値を入れ替えてください。", "Exchange the two values."),
)
COORDINATE_OUTSIDE = kind(
    "coordinate-outside-japan",
    Severity.ERROR,
    what=Text(
        "{column}「{value}」は日本の範囲（{low}〜{high}）の外です。",
        "{value} in {column} lies outside Japan ({low} to {high}).",
    ),
    why=Text("地図上の位置が国外になります。", "On a map it falls outside Japan."),
    mend=Text(
        "桁や小数点の位置を確かめ、十進数の度で書いてください。",
        "Check digits and point; write decimal degrees.",
    ),
)
COORDINATE_NOT_DECIMAL = kind(
    "coordinate-not-decimal",
    Severity.ERROR,
    what=Text(
        "{column}「{value}」は十進数の度ではありません。",
        "{value} in {column} is not decimal degrees.",
    ),
    why=Text(
        "度分秒や文字の付いた値は、地図ソフトがそのままでは読めません。",
        "Map software cannot read degrees with minutes and seconds, or with words.",
    ),
    mend=Text("34.3409 のように書いてください。", "Write it like 34.3409."),
)
COORDINATE_HALF = kind(
    "coordinate-half",
    Severity.ERROR,
    what=Text(
        "緯度と経度の一方（{column}）だけが空です。",
        "only one of latitude and longitude is filled; {column} is empty.",
    ),
    mend=Text("両方を書くか、両方を空欄にしてください。", "Fill both, or neither."),
)
COORDINATE_FAR = kind(
    "coordinate-far",
    Severity.WARNING,
    what=Text(
        "{column}「{value}」は、この表の他の地点から {degrees} 度も離れています。",
        "{value} in {column} lies {degrees} degrees away from the other places of this table.",
    ),
    why=Text(
        "数字の打ち間違いで、別の県や海上に表示されることがあります。",
        "A mistyped digit puts a place into another prefecture or into the sea.",
    ),
    mend=Text("地図で位置を確かめてください。", "Look at it on a map."),
)
DATUM_MISSING = kind(
    "datum-missing",
    Severity.INFO,
    what=Text(
        "緯度・経度の測地系が書かれていません。",
        "the datum of latitude and longitude is not stated.",
    ),
    why=Text(
        "日本測地系と世界測地系では約400 m ずれます（ガイド 表9-5）。",
        "The old Tokyo datum and the world datum differ by about 400 m (guide, table 9-5).",
    ),
    mend=Text(
        "見出しか説明に「世界測地系」「JGD2011」などと書いてください。",
        "Write JGD2011, WGS84 or 世界測地系 into the heading or the description.",
    ),
)
DATUM_OLD = kind(
    "datum-old",
    Severity.WARNING,
    what=Text(
        "旧日本測地系の座標と書かれています。",
        "the coordinates are said to be in the old Tokyo datum.",
    ),
    why=Text(
        "世界測地系の地図では約400 m ずれます（ガイド 表9-5）。",
        "On today's maps they are off by about 400 m (guide, table 9-5).",
    ),
    mend=Text(
        "国土地理院の TKY2JGD などで世界測地系に変換してください。",
        "Convert them to the world datum, for instance with TKY2JGD.",
    ),
)

JAPAN: Final = {Role.LATITUDE: (20.0, 46.0), Role.LONGITUDE: (122.0, 155.0)}
"""With the remotest islands: Okinotorishima 20.4 N, the north of Etorofu 45.6 N, Yonaguni
122.9 E, Minamitorishima 154.0 E."""

_DATUM: Final = re.compile(
    r"世界測地系|JGD ?20(00|11|24)|WGS ?-?84|ITRF|GRS ?80|EPSG[:\s]?\d+|測地成果", re.IGNORECASE
)
OLD_DATUM: Final = re.compile(
    r"(?<!新)(旧)?日本測地系(?!\s*20)|Tokyo ?(Datum|97)|TOKYO測地系", re.IGNORECASE
)
"""What says that coordinates are in the old Tokyo datum."""

_FAR_DEGREES: Final = 0.5
"""Half a degree is some 50 km: no municipality's facilities lie so far from the rest."""
_FAR_DEVIATIONS: Final = 20.0
_FEWEST_FOR_FAR: Final = 10

Numbers = npt.NDArray[np.float64]


class Datum:
    """Whether the datum is stated: guide, table 9-5."""

    kinds: ClassVar[Kinds] = (DATUM_MISSING, DATUM_OLD)

    def start(self, subject: Subject, report: Reporter) -> None:
        """Look into headings, the rows before them, and the description."""
        columns = subject.with_role(Role.LATITUDE, Role.LONGITUDE, Role.COORDINATES)
        if not columns:
            return
        said = " ".join((*subject.columns, subject.metadata.text))
        if OLD_DATUM.search(said):
            report.column(DATUM_OLD, columns[0], line=subject.description.header_line or None)
        elif not _DATUM.search(said) and not any("測地系" in name for name in subject.columns):
            report.column(DATUM_MISSING, columns[0], line=subject.description.header_line or None)

    def batch(self, rows: Rows) -> None:
        """Nothing."""

    def end(self) -> None:
        """Nothing."""


class Coordinates:
    """Latitude and longitude of each row."""

    kinds: ClassVar[Kinds] = (
        COORDINATE_ZERO,
        COORDINATE_SWAPPED,
        COORDINATE_OUTSIDE,
        COORDINATE_NOT_DECIMAL,
        COORDINATE_HALF,
        COORDINATE_FAR,
    )

    def start(self, subject: Subject, report: Reporter) -> None:
        """Pair the first latitude with the first longitude."""
        self._report = report
        latitudes = subject.with_role(Role.LATITUDE)
        longitudes = subject.with_role(Role.LONGITUDE)
        self._axes = [
            (name, role)
            for names, role in ((latitudes, Role.LATITUDE), (longitudes, Role.LONGITUDE))
            for name in names[:1]
        ]
        self._places = {name: _Places() for name, _ in self._axes}

    def batch(self, rows: Rows) -> None:
        """Zero, swapped, outside, half; then remember the rest to see what lies far away."""
        if not self._axes:
            return
        axes = [(rows.column(name), role) for name, role in self._axes]
        numbers = [self._numbers(cells) for cells, _ in axes]
        swapped = _swapped(axes, numbers)
        for (cells, role), values in zip(axes, numbers, strict=True):
            low, high = JAPAN[role]
            zero = values == 0
            outside = ~swapped & ~zero & ~np.isnan(values) & ((values < low) | (values > high))
            self._report.cells(COORDINATE_ZERO, cells, zero)
            self._report.cells(COORDINATE_SWAPPED, cells, swapped)
            self._report.cells(
                COORDINATE_OUTSIDE,
                cells,
                outside,
                partial(_bounds, low, high),
            )
            self._places[cells.name].add(cells, values, ~(zero | swapped | outside))
        if len(axes) == 2:
            first, second = axes[0][0], axes[1][0]
            self._report.cells(COORDINATE_HALF, first, ~first.filled & second.filled)
            self._report.cells(COORDINATE_HALF, second, first.filled & ~second.filled)

    def end(self) -> None:
        """What lies far from all the others."""
        for name, places in self._places.items():
            for line, value, distance in places.far():
                self._report.column(
                    COORDINATE_FAR, name, line=line, value=f"{value:g}", degrees=f"{distance:.1f}"
                )

    def _numbers(self, cells: Cells) -> Numbers:
        """The cells as numbers; not a number where a cell is empty or reported here."""
        proper = as_mask(pc.match_substring_regex(cells.plain, shapes.DEGREES))
        improper = cells.filled & ~proper
        if improper.any():
            self._report.cells(COORDINATE_NOT_DECIMAL, cells, improper & ~_means_none(cells))
        kept = pc.if_else(pa.array(proper), cells.plain, pa.scalar(None, pa.string()))
        numbers: Any = pc.cast(kept, pa.float64())
        values: Numbers = numbers.to_numpy(zero_copy_only=False)
        return values


def _means_none(cells: Cells) -> Mask:
    """Cells with a sign for “no value”, which has a check of its own."""
    rest = [value for value in cells.distinct() if NO_VALUE.fullmatch(value)]
    return cells.having(rest)


def _bounds(low: float, high: float, _position: int) -> dict[str, object]:
    return {"low": f"{low:g}", "high": f"{high:g}"}


def _swapped(axes: list[tuple[Cells, Role]], numbers: list[Numbers]) -> Mask:
    if len(axes) < 2:
        return np.zeros(len(axes[0][0]), dtype=np.bool_)
    (latitude, longitude), (low, high) = numbers, JAPAN[Role.LATITUDE]
    west, east = JAPAN[Role.LONGITUDE]
    swapped: Mask = (
        (latitude >= west) & (latitude <= east) & (longitude >= low) & (longitude <= high)
    )
    return swapped


class _Places:
    """All plausible values of one axis with their lines, as compact arrays."""

    def __init__(self) -> None:
        self._values: list[Numbers] = []
        self._lines: list[npt.NDArray[np.int64]] = []

    def add(self, cells: Cells, values: Numbers, plausible: Mask) -> None:
        kept = plausible & ~np.isnan(values)
        self._values.append(values[kept])
        self._lines.append(cells.lines[kept])

    def far(self) -> list[tuple[int, float, float]]:
        """Line, value and distance of the few that lie far from the median: both half a degree
        and twenty times as far as the usual one, and not more than one in a hundred (or one in a
        small table), for else the table simply covers more than one region."""
        values = np.concatenate(self._values) if self._values else np.empty(0)
        if len(values) < _FEWEST_FOR_FAR:
            return []
        distances = np.abs(values - np.median(values))
        usual = max(float(np.median(distances)), 1e-4)
        far = np.flatnonzero((distances > _FAR_DEGREES) & (distances > _FAR_DEVIATIONS * usual))
        if len(far) > max(1, len(values) // 100):
            return []
        lines = np.concatenate(self._lines)
        return [(int(lines[n]), float(values[n]), float(distances[n])) for n in far]
