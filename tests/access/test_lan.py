"""Where phones on the same network reach this machine, found without a network being asked."""

import socket

import pytest

from assessment.access import lan


class Nowhere(socket.socket):
    """A machine without a network."""

    def connect(self, address: object) -> None:
        raise OSError(101, "Network is unreachable")


class Alone(socket.socket):
    """A machine whose only way to anywhere is itself."""

    def connect(self, address: object) -> None:
        pass

    def getsockname(self) -> tuple[str, int]:
        return ("127.0.0.1", 40000)


@pytest.mark.parametrize("machine", [Nowhere, Alone])
def test_a_machine_on_no_network_has_no_address(monkeypatch: pytest.MonkeyPatch, machine: type[socket.socket]) -> None:
    monkeypatch.setattr(lan.socket, "socket", machine)

    assert lan.address_on_network() is None


def test_a_server_answers_where_it_listens_and_nowhere_else() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        port = server.getsockname()[1]
        assert not lan.answers_on_network("127.0.0.1", port)
        server.listen()
        assert lan.answers_on_network("127.0.0.1", port)
