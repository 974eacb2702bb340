"""How fast the index of a release is written and asked: a synthetic country of named things.

    python -m benchmarks search [--rows THINGS]

Names are put together from some dozens of words as municipalities use them, so that frequent
pairs are as frequent as in real tables. Asked are words of one to eight characters that find
from nothing up to everything, each with its three facets; the first time of each is not counted.
"""

from __future__ import annotations

import random
import resource
import shutil
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import orjson

from app.store.search import SearchDocument, SearchIndex, SearchIndexWriter, SearchRequest

_WORDS = (
    "中央", "東", "西", "南", "北", "公園", "小学校", "市民", "図書館", "センター",
    "体育館", "公民館", "消防署", "保育園", "前", "本町", "緑", "桜", "若葉", "高松",
    "青葉", "第一", "第二", "運動", "児童", "総合", "病院", "駅", "会館", "交流",
    "福祉", "文化", "ホール", "広場", "健康", "保健", "支所", "学習", "地区", "団地",
)  # fmt: skip
_TOWNS = ("一番町", "本町", "栄町", "旭町", "緑町", "幸町", "若松町", "港町", "大手町", "桜木町")
_TYPES = ("AED", "PublicToilet", "EvacuationSite", "Park", "School", "Library", "Hospital")
_QUESTIONS = (
    "公園", "中央公園", "図書館", "中央図書館", "トイレ", "東", "センター", "ｾﾝﾀｰ", "高松", "高松市民会館",
    "桜木町", "第12市", "第34市 公園", "第56市桜木町", "県3 図書館", "児童センター", "AED", "aed123", "shisetsu",
    "0123", "消防署 旭町", "そんなものはない", "公", "市", "若葉第二保育園", "港町 病院 東",
)  # fmt: skip
_BROWSED = (("type", "def:AED"), ("region", "region/12"), ("dataset", "d7"))
_REPEATS = 9


def documents(things: int) -> Iterator[SearchDocument]:
    """Things with a name, a reading, a code and an address."""
    chance = random.Random(20_260_401)
    for number in range(things):
        city = chance.randrange(1_900)
        prefecture = city % 47
        name = "".join(chance.choices(_WORDS, k=3))
        kind = chance.choice(_TYPES)
        yield SearchDocument(
            iri=f"http://127.0.0.1:8000/id/{kind}/{number}",
            graph=f"http://127.0.0.1:8000/graphs/d{number % 20}",
            dataset=f"d{number % 20}",
            names=(name, f"シセツ{number % 5000}", f"Shisetsu {number}", f"{kind}{number}"),
            places=(f"県{prefecture}第{city}市{chance.choice(_TOWNS)}{number % 40}-{number % 9}",),
            types=(f"def:{kind}", "ic:施設型"),
            regions=(f"region/{prefecture:02d}{city}", f"region/{prefecture:02d}"),
        )


def run(work: Path, things: int) -> None:
    """Write the index, ask, and print and keep the figures."""
    folder = work / "search"
    shutil.rmtree(folder, ignore_errors=True)
    before = _memory_mb()
    started = time.perf_counter()
    with SearchIndexWriter(folder) as writer:
        for document in documents(things):
            writer.add(document)
    seconds = time.perf_counter() - started
    megabytes = sum(file.stat().st_size for file in folder.iterdir()) / 1e6
    figures: dict[str, object] = {
        "things": things,
        "written_s": round(seconds, 1),
        "things_a_second": round(things / seconds),
        "megabytes": round(megabytes),
        "memory_mb": round(_memory_mb() - before),
    }
    print(figures)
    index = SearchIndex(folder)
    asked = [SearchRequest(text) for text in _QUESTIONS]
    asked += [SearchRequest(chosen={facet: (value,)}) for facet, value in _BROWSED]  # type: ignore[dict-item] # literals
    medians = []
    for request in asked:
        times = [_ask_ms(index, request) for _ in range(_REPEATS + 1)][1:]
        medians.append(statistics.median(times))
        total = index.find(request).total
        print(f"{request.text or dict(request.chosen)}\t{total:,}\t{medians[-1]:.2f} ms")
    ordered = sorted(medians)
    figures["median_ms"] = round(statistics.median(ordered), 2)
    figures["p90_ms"] = round(ordered[int(len(ordered) * 0.9)], 2)
    figures["worst_ms"] = round(ordered[-1], 2)
    print(figures)
    results = Path(__file__).parent / "results" / f"search-{things}.json"
    results.parent.mkdir(exist_ok=True)
    results.write_bytes(orjson.dumps(figures, option=orjson.OPT_INDENT_2))


def _ask_ms(index: SearchIndex, request: SearchRequest) -> float:
    started = time.perf_counter()
    index.find(request)
    return (time.perf_counter() - started) * 1e3


def _memory_mb() -> float:
    """The most that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
