"""One browser tab as the server sees it: Streamlit's own protocol over a websocket, without a browser."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from urllib.parse import parse_qsl, urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.Radio_pb2 import Radio
from streamlit.util import calc_hash
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

STREAMLIT = Subprotocol("streamlit")


class Tab:
    """An open page. Each call is one run of the script, and returns when the server says it has finished.

    charts, radios, alerts: what the last run has drawn. received: bytes so far.
    """

    def __init__(self, address: str, page: str, query: Mapping[str, str]) -> None:
        self._query = urlencode(query)
        # the front page has the hash of its empty address
        self._page = calc_hash("" if page == "start" else page)
        self._seen: set[str] = set()
        self._values: dict[str, str] = {}
        self.charts = 0
        self.radios: list[Radio] = []
        self.alerts: list[str] = []
        self.received = 0
        self._open = ExitStack()
        self._socket: ClientConnection = self._open.enter_context(
            connect(f"{address.replace('http', 'ws', 1)}/_stcore/stream", subprotocols=[STREAMLIT], max_size=None)
        )
        self.rerun()

    def rerun(self) -> None:
        """Run the page again, as a click that changes nothing does."""
        state = ClientState(query_string=self._query, page_script_hash=self._page)
        # a browser keeps big messages and is sent only their hash when they come again
        state.cached_message_hashes.extend(self._seen)
        state.context_info.locale = "nb-NO"
        for id_, value in self._values.items():
            state.widget_states.widgets.add(id=id_, string_value=value)
        self._socket.send(BackMsg(rerun_script=state).SerializeToString())
        self.charts, self.radios, self.alerts = 0, [], []
        for message in self._until_finished():
            self._see(message)
        # a browser forgets the value of what is no longer drawn
        drawn = {radio.id for radio in self.radios}
        self._values = {id_: value for id_, value in self._values.items() if id_ in drawn}

    def follow(self, **query: str) -> None:
        """Change what the address says, as the page's own links and switches do."""
        self._query = urlencode({**dict(parse_qsl(self._query)), **query})
        self.rerun()

    def choose(self, question: int, option: int) -> None:
        """Choose an answer to one of the page's questions."""
        radio = self.radios[question]
        self._values[radio.id] = radio.options[option]
        self.rerun()

    def close(self) -> None:
        """Close the tab."""
        self._open.close()

    def _until_finished(self) -> Iterator[ForwardMsg]:
        while True:
            sent: bytes = self._socket.recv(timeout=60)  # type: ignore[assignment]  # the protocol is binary
            self.received += len(sent)
            message = ForwardMsg()
            message.ParseFromString(sent)
            yield message
            if message.WhichOneof("type") == "script_finished":
                return

    def _see(self, message: ForwardMsg) -> None:
        if message.metadata.cacheable and message.hash:
            self._seen.add(message.hash)
        if message.WhichOneof("type") == "delta":
            self._draw(message.delta)

    def _draw(self, delta: Delta) -> None:
        element = delta.new_element
        kind = element.WhichOneof("type") if delta.WhichOneof("type") == "new_element" else None
        if kind == "vega_lite_chart":
            self.charts += 1
        elif kind == "radio":
            self.radios.append(element.radio)
        elif kind == "exception":
            self.alerts.append(element.exception.message)
        elif kind == "html" and 'role="alert"' in element.html.body:
            self.alerts.append(element.html.body)
