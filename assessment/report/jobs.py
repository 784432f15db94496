"""Documents made in the background, one after the other, and kept for a while for who may have them."""

from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from threading import Lock, Thread
from typing import Final, Literal

from assessment import faults
from assessment.report.documents import DOCUMENTS, Order, Step, Write
from assessment.report.preview import Preview, preview, weight
from assessment.service import Service
from assessment.store.protocol import NotFound, StoreError
from assessment.use_cases import utc_now

KEPT_MAX: Final = 40
KEPT_BYTES_MAX: Final = 96_000_000
WAITING_MAX: Final = 30


class TooMany(StoreError):  # noqa: N818 - named, like its neighbours, by what is wrong
    """More documents wait to be made than one should have to wait for."""

    key = "store.too_many_documents"


@dataclass(frozen=True)
class Made:
    """A document as a file, what it looks like, and when it was ready."""

    content: bytes
    preview: Preview
    at: datetime

    @property
    def weight(self) -> int:
        """Roughly how many bytes it takes up."""
        return len(self.content) + weight(self.preview)


@dataclass(frozen=True)
class Job:
    """A document on its way, as it stood when it was asked for.

    revision: of the engagement the document tells of. step: how far it is, while it is being made. made: when it is
    done. reference: of the fault in the log, when it failed.
    """

    number: int
    order: Order
    revision: int
    state: Literal["waiting", "making", "done", "failed"] = "waiting"
    step: Step | None = None
    made: Made | None = None
    reference: str | None = None

    @property
    def underway(self) -> bool:
        """Whether it is not yet known what becomes of it."""
        return self.state in ("waiting", "making")


class Jobs:
    """The documents of this process: one is made at a time, since two at once would both be late.

    An order is asked about with the rights of who asks: somebody else's document is not there.
    """

    def __init__(
        self,
        clock: Callable[[], datetime] = utc_now,
        *,
        kept_max: int = KEPT_MAX,
        kept_bytes_max: int = KEPT_BYTES_MAX,
        waiting_max: int = WAITING_MAX,
    ) -> None:
        self._clock, self._numbers, self._lock = clock, count(1), Lock()
        self._kept_max, self._kept_bytes_max, self._waiting_max = kept_max, kept_bytes_max, waiting_max
        self._jobs: OrderedDict[Order, Job] = OrderedDict()  # the one used last comes last
        self._waiting: deque[tuple[Job, Write]] = deque()
        self._working = False

    def begin(self, service: Service, order: Order) -> Job:
        """Begin to make a document of what there is now, unless it is made or on its way already.

        Everything it tells is gathered here, in the thread and with the rights of who asks.
        Raises: NotFound; WaveOpen while people answer; TooMany.
        """
        revision = _allowed(service, order)
        with self._lock:
            known = self._jobs.get(order)
            if known is not None and known.revision == revision and known.state != "failed":
                return known
            if len(self._waiting) >= self._waiting_max:
                raise TooMany
        job = Job(next(self._numbers), order, revision)
        try:
            write = DOCUMENTS[order.document].begin(service, order)
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001  whoever asks reads a sentence with a number, as for what fails later
            job = replace(job, state="failed", reference=faults.logged(error))
            with self._lock:
                self._keep(job)
            return job
        service.document_made(order.engagement_id)
        with self._lock:
            self._keep(job)
            self._waiting.append((job, write))
            if not self._working:
                self._working = True
                Thread(target=self._work, name="documents", daemon=True).start()
        return job

    def find(self, service: Service, order: Order) -> Job | None:
        """The document as it was last asked for, also when the engagement has changed since; None when never.

        Raises: NotFound.
        """
        _allowed(service, order)
        with self._lock:
            job = self._jobs.get(order)
            if job is not None:
                self._jobs.move_to_end(order)
            return job

    def _work(self) -> None:
        while (following := self._next()) is not None:
            job, write = following
            self._finish(job, write)

    def _next(self) -> tuple[Job, Write] | None:
        with self._lock:
            while self._waiting:
                job, write = self._waiting.popleft()
                if self._is_wanted(job):
                    return job, write
            self._working = False
            return None

    def _finish(self, job: Job, write: Write) -> None:
        def progress(step: Step) -> None:
            self._replace(replace(job, state="making", step=step))

        document = DOCUMENTS[job.order.document]
        try:
            content = write(progress)
            shown = preview(
                content, document.preview, job.order.language, lambda page, of: progress(Step("preview", page, of))
            )
            self._replace(replace(job, state="done", made=Made(content, shown, self._clock())))
        except Exception as error:  # noqa: BLE001  the boundary of the thread: the next document is made all the same
            self._replace(replace(job, state="failed", reference=faults.logged(error)))

    def _replace(self, job: Job) -> None:
        with self._lock:
            if self._is_wanted(job):
                self._keep(job)

    def _is_wanted(self, job: Job) -> bool:
        known = self._jobs.get(job.order)
        return known is not None and known.number == job.number

    def _keep(self, job: Job) -> None:
        """Keep a job as the latest, and let go of those nobody has looked at for longest."""
        self._jobs[job.order] = job
        self._jobs.move_to_end(job.order)
        finished = [known for known in self._jobs.values() if not known.underway and known is not job]
        kept, weighs = len(finished) + 1, sum(_weight(known) for known in [*finished, job])
        for old in finished:
            if kept <= self._kept_max and weighs <= self._kept_bytes_max:
                return
            del self._jobs[old.order]
            kept, weighs = kept - 1, weighs - _weight(old)


def _weight(job: Job) -> int:
    return 0 if job.made is None else job.made.weight


def _allowed(service: Service, order: Order) -> int:
    """The engagement's revision, for who may have the document. Raises: NotFound."""
    revision = service.engagement(order.engagement_id).revision
    if DOCUMENTS[order.document].need not in service.may(order.engagement_id):
        raise NotFound("engagement", order.engagement_id)
    return revision
