"""What the templates of the workbench show, one class for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from app.errors import Text, TsunaguError
from app.findings import Findings
from app.publish.changes import Difference
from app.publish.dataset import Dataset
from app.publish.draft.drafting import Draft
from app.publish.preview import Preview
from app.publish.workbench.history import Change
from app.publish.workbench.jobs import Job
from app.publish.workbench.state import DatasetState, State
from app.publish.workbench.uploads import Upload
from app.store.base import Manifest
from app.web.check_report import ReportView, Words
from app.web.pages.steward.visit import Visit


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around every page: who looks, the key of their forms, and common words."""

    visit: Visit
    key: str
    steward_css: str
    state_words: Mapping[State, Text]
    action_words: Mapping[str, Text]


@dataclass(frozen=True)
class StewardPage:
    """A page of the workbench."""

    around: Around

    @property
    def visit(self) -> Visit:
        """Who looks."""
        return self.around.visit

    @property
    def key(self) -> str:
        """What every form carries."""
        return self.around.key

    @property
    def steward_css(self) -> str:
        """The address of the workbench's style."""
        return self.around.steward_css

    @property
    def state_words(self) -> Mapping[State, Text]:
        """What states are called."""
        return self.around.state_words

    @property
    def action_words(self) -> Mapping[str, Text]:
        """What actions are called."""
        return self.around.action_words


@dataclass(frozen=True)
class FailedPage(StewardPage):
    """What went wrong."""

    error: TsunaguError


@dataclass(frozen=True)
class SignInPage(StewardPage):
    """The form for a token. `following` is where to go then; `any_token`: whether there is one at
    all."""

    following: str
    any_token: bool
    refused: bool = False


@dataclass(frozen=True)
class OverviewPage(StewardPage):
    """The data sets, how much was found in each when it was published, and tables on their way."""

    states: Sequence[DatasetState]
    findings: Mapping[str, int]
    uploads: Sequence[Upload]
    current: Manifest | None


@dataclass(frozen=True)
class ChoosePage(StewardPage):
    """The form for a table: of a new data set, or of `dataset`. `limit` in bytes; `hosts` are
    those that may be asked for a table."""

    dataset: str | None
    limit: int
    hosts: Sequence[str]
    address: str
    error: TsunaguError | None = None


@dataclass(frozen=True)
class CheckedPage(StewardPage):
    """What a check of a table found, and how many cells can be mended."""

    style: str
    upload: Upload
    report: ReportView
    repairs: int
    say: Callable[[Text], Markup]
    words: Words
    error: TsunaguError | None = None


@dataclass(frozen=True, slots=True)
class ToldColumn:
    """A column in plain words: what it becomes (None: nothing), its shape and unit, how sure that
    is in percent, why, and what to confirm."""

    column: str
    name: str | None
    shape: str
    unit: str
    sureness: int
    reasons: Sequence[str]
    confirm: str | None


@dataclass(frozen=True)
class DraftPage(StewardPage):
    """What every column becomes, and the form of what the data are called."""

    upload: Upload
    draft: Draft
    columns: Sequence[ToldColumn]
    confirmations: Sequence[Text]
    values: Mapping[str, str]
    licences: Mapping[str, str]
    region: str
    error: TsunaguError | None = None


@dataclass(slots=True)
class Item:
    """A line of a card: what it is called, its value, the columns it comes from, and what is said
    of it in turn."""

    name: str
    value: str = ""
    columns: tuple[str, ...] = ()
    items: Sequence[Item] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """The page that a row will have."""

    title: str
    address: str
    line: int
    items: Sequence[Item]


@dataclass(frozen=True)
class LookPage(StewardPage):
    """The rows and what becomes of them."""

    dataset: Dataset
    state: DatasetState
    preview: Preview | None
    cards: Sequence[Card]


@dataclass(frozen=True)
class DatasetPage(StewardPage):
    """One data set. `public` is its page for everybody; `addresses`: where its tables lie, if not
    in its folder, and `schedule` when they are fetched."""

    dataset: Dataset
    state: DatasetState
    jobs: Sequence[Job]
    changes: Sequence[Change]
    public: str
    addresses: Sequence[str]
    schedule: str


@dataclass(frozen=True)
class DescribePage(StewardPage):
    """The form of a description. `based_on` is the sum of what was opened."""

    dataset: Dataset
    values: Mapping[str, str]
    based_on: str
    licences: Mapping[str, str]
    frequencies: Mapping[str, Text]
    schedules: Mapping[str, Text]
    hosts: Sequence[str]
    error: TsunaguError | None = None


@dataclass(frozen=True)
class DifferencePage(StewardPage):
    """What publishing would change; `shown` things of each kind."""

    dataset: Dataset
    difference: Difference
    shown: int
    findings: Findings
    page_of: Callable[[str], str]


@dataclass(frozen=True)
class UnpublishPage(StewardPage):
    """Whether to take a data set back."""

    dataset: Dataset
    state: DatasetState


@dataclass(frozen=True)
class HistoryPage(StewardPage):
    """The changes of a data set's files; `latest` is the last one of each file."""

    dataset: Dataset
    changes: Sequence[Change]
    latest: Mapping[str, int]


@dataclass(frozen=True)
class MappingPage(StewardPage):
    """The mapping as text, and what it gives. `short` writes terms for reading."""

    dataset: Dataset
    name: str
    text: str
    lines: Sequence[str]
    based_on: str
    changed: bool
    errors: Sequence[TsunaguError]
    preview: Preview | None
    short: Callable[[str], str]


@dataclass(frozen=True)
class JobPage(StewardPage):
    """How far publishing is, or what came of it; `examples` are addresses of pages and names."""

    job: Job
    undoable: bool
    examples: Sequence[tuple[str, str]]
