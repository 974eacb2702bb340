"""Data sets whose table lies on another server are published anew on their schedule."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app import bootstrap
from app.errors import SourceError
from app.publish.audit import AuditLog
from app.publish.dataset import Dataset
from app.publish.pipeline import publish
from app.publish.schedule.records import Record, RunOutcome
from app.publish.schedule.scheduler import Scheduler
from app.publish.tokens import Role
from app.publish.workbench.bench import Workbench
from app.settings import Settings
from app.web.app import build_app
from tests.loopback import Answer, Loopback, serving
from tests.web.client import Client
from tests.web.stewarding import Steward, settings_in, token, workbench_parts

FIRST = "番号,名称\n1,駅\n2,城\n".encode()
SECOND = "番号,名称\n1,駅\n2,城\n3,港\n".encode()
MAPPING = """\
prefixes: {ex: "http://example.org/"}
mappings:
  place:
    sources: [[places.csv~csv]]
    s: id:place/$(番号)
    po: [[a, ex:Place], [ex:name, $(名称)]]
"""


@pytest.fixture
def server() -> Iterator[Loopback]:
    with serving(lambda _path, _headers: Answer((FIRST,))) as opened:
        yield opened


@pytest.fixture
def settings(tmp_path: Path, server: Loopback) -> Settings:
    """Settings that allow the server, and a data set whose table lies there."""
    folder = tmp_path / "mappings" / "places"
    folder.mkdir(parents=True)
    (folder / "mapping.yml").write_text(MAPPING, "utf-8")
    (folder / "datapackage.yaml").write_text(
        "name: places\ntitle: 場所\nschedule: '0 3 * * *'\n"
        f"resources: [{{path: {server.base}/open/place.php, name: places.csv}}]\n",
        "utf-8",
    )
    update = {"fetch_hosts": (server.host,), "fetch_networks": ("127.0.0.1/32",)}
    return settings_in(tmp_path).model_copy(update=update)


def dataset_in(settings: Settings) -> Dataset:
    return Dataset("places", settings.mappings_dir / "places", settings)


def rows_published(settings: Settings) -> int:
    manifest = bootstrap.open_releases(settings).current()
    assert manifest is not None
    return manifest.graphs[dataset_in(settings).graph].subjects


def test_publishing_asks_for_the_newest_table(settings: Settings, server: Loopback) -> None:
    releases = bootstrap.open_releases(settings)
    assert publish([dataset_in(settings)], releases, settings).changed
    assert rows_published(settings) == 2
    assert not publish([dataset_in(settings)], releases, settings).changed
    server.answer = lambda _path, _headers: Answer((SECOND,))
    assert publish([dataset_in(settings)], releases, settings).changed
    assert rows_published(settings) == 3


def test_a_table_that_cannot_be_had_leaves_the_release(
    settings: Settings, server: Loopback
) -> None:
    releases = bootstrap.open_releases(settings)
    before = publish([dataset_in(settings)], releases, settings).manifest
    server.answer = lambda _path, _headers: Answer(status=503)
    with pytest.raises(SourceError, match="503"):
        publish([dataset_in(settings)], releases, settings)
    assert releases.current() == before


def test_a_data_set_of_a_server_outside_the_list_is_refused(settings: Settings) -> None:
    strict = settings.model_copy(update={"fetch_hosts": ()})
    with pytest.raises(SourceError, match="not on the list"):
        publish([dataset_in(strict)], bootstrap.open_releases(strict), strict)
    assert not (strict.data_dir / "sources").exists()


def run_when_due(settings: Settings) -> Record:
    """Let a scheduler look once at what is due, as if it had been for an hour."""
    bench = Workbench(settings, bootstrap.open_releases)

    async def run() -> Record:
        scheduler = Scheduler(settings, bench.jobs, bench.schedule, look_s=0.05)
        await scheduler.start()
        ends = time.monotonic() + 60
        try:
            while time.monotonic() < ends:
                record = bench.schedule.of("places")
                if record is not None and record.last is None and record.due:
                    past = datetime.now(UTC) - timedelta(hours=1)
                    if record.due > past:
                        bench.schedule.keep(record.model_copy(update={"due": past}))
                if record is not None and record.last is not None and record.due:
                    return record
                await asyncio.sleep(0.05)
        finally:
            await scheduler.close()
        raise AssertionError("it was not run")

    before = bench.schedule.of("places")
    if before is not None:
        bench.schedule.keep(before.model_copy(update={"last": None}))
    return asyncio.run(run())


def test_a_scheduled_run_publishes_and_a_failed_one_says_so_and_leaves_the_release(
    settings: Settings, server: Loopback
) -> None:
    record = run_when_due(settings)
    assert record.last is not None
    assert record.last.outcome is RunOutcome.PUBLISHED
    assert record.due is not None
    assert record.due > datetime.now(UTC)
    assert rows_published(settings) == 2

    server.answer = lambda _path, _headers: Answer((b"<html>maintenance",))
    record = run_when_due(settings)
    assert record.last is not None
    assert record.last.outcome is RunOutcome.FAILED
    assert rows_published(settings) == 2

    noted = [event["outcome"] for event in AuditLog(settings.data_dir).verify()]
    assert noted == ["published", "failed"]

    off = settings.model_copy(update={"schedule": False})
    with Client(build_app(workbench_parts(off))) as client:
        status = client.get("/status?lang=ja").text
        assert "Web ページ" in status
        assert "前に公開したものがそのまま出ています" in status
        told = client.get("/status?format=json").json()["scheduled"]
        assert [(each["dataset"], each["outcome"]) for each in told] == [("places", "failed")]
        feed = client.get("/changes.atom").text
        assert f"urn:tsunagu:run:{record.last.id}" in feed
        failures = client.get("/changes.json").json()["failures"]
        assert [each["dataset"] for each in failures] == ["places"]
        assert "web page" in client.get("/changes?lang=en").text


def test_of_two_schedulers_one_looks(settings: Settings) -> None:
    bench = Workbench(settings, bootstrap.open_releases)
    one = Scheduler(settings, bench.jobs, bench.schedule)
    other = Scheduler(settings, bench.jobs, bench.schedule)
    assert one._is_the_one()
    assert not other._is_the_one()
    asyncio.run(one.close())
    assert other._is_the_one()
    asyncio.run(other.close())


def test_what_has_no_schedule_any_more_is_forgotten(settings: Settings) -> None:
    bench = Workbench(settings, bootstrap.open_releases)
    scheduler = Scheduler(settings, bench.jobs, bench.schedule)
    assert scheduler._due() == []
    assert [record.dataset for record in bench.schedule.all()] == ["places"]
    path = dataset_in(settings).description_path
    path.write_text(path.read_text("utf-8").replace("schedule: '0 3 * * *'\n", ""), "utf-8")
    assert scheduler._due() == []
    assert bench.schedule.all() == []
    asyncio.run(scheduler.close())


def test_a_steward_gives_an_address_instead_of_a_file(settings: Settings, server: Loopback) -> None:
    off = settings.model_copy(update={"schedule": False})
    with Client(build_app(workbench_parts(off)), raise_faults=True) as client:
        steward = Steward(client)
        steward.get("/steward/")
        steward.follow(steward.sign_in(token(off, Role.PUBLISHER)))
        steward.get("/steward/new")
        refused = steward.post("/steward/new", data={"address": "http://10.0.0.1/x.csv"})
        assert refused.status_code == 422
        assert "fetch_hosts" in steward.text
        sent = steward.post("/steward/new", data={"address": f"{server.base}/open/spots.csv"})
        steward.follow(sent)
        draft = sent.headers["location"].replace("/check", "/draft")
        steward.get(draft)
        made = steward.post(draft, data={"title": "名所", "id": "spots", "region": "37201"})
        steward.follow(made)

        server.answer = lambda _path, _headers: Answer((SECOND,))
        steward.get("/steward/spots")
        assert f"{server.base}/open/spots.csv" in steward.text
        steward.done(steward.post("/steward/spots/publish"))
        manifest = bootstrap.open_releases(off).current()
        assert manifest is not None
        assert manifest.graphs[f"{off.base_iri}/graphs/spots"].subjects >= 3

        def based_on() -> str:
            steward.get("/steward/spots/describe")
            return steward.text.split('name="based_on" value="')[1].split('"')[0]

        address = {"address": f"{server.base}/open/spots.csv"}
        form = {"title": "名所", "schedule": "0 3 * * *", "based_on": based_on(), **address}
        steward.follow(steward.post("/steward/spots/describe", data=form))
        assert "0 3 * * *" in steward.text
        gone = steward.post(
            "/steward/spots/describe", data={**form, "address": "", "based_on": based_on()}
        )
        steward.follow(gone)  # the table that was drafted is still in the folder
        spots = Dataset("spots", off.mappings_dir / "spots", off)
        assert spots.description.resources[0].path == "spots.csv"
