"""Times in the form of cron: minute, hour, day, month, weekday."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError


@dataclass(frozen=True, slots=True)
class Timetable:
    """When something is due, such as `0 3 * * *` for every night at three. `zone` is where the
    clock hangs. Raises ValueError for what is no such form."""

    form: str
    zone: str = "Asia/Tokyo"

    def __post_init__(self) -> None:
        try:
            CronSim(self.form, datetime.now(ZoneInfo(self.zone)))
        except CronSimError as error:
            raise ValueError(
                f"{self.form!r} is no time such as '0 3 * * *' (minute hour day month weekday): "
                f"{error}"
            ) from error

    def after(self, moment: datetime) -> datetime | None:
        """The first time after a moment, in UTC; None when there is none (30 February)."""
        local = moment.astimezone(ZoneInfo(self.zone))
        found = next(CronSim(self.form, local), None)
        return found.astimezone(UTC) if found is not None else None
