"""The loopback fixture server where it breaks the transport on purpose, and what stays out of the next scenario."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, suppress

import httpx
import pytest

from models_conformance.scenarios.fixture.loopback import Loopback
from models_conformance.scenarios.fixture.scripted_server import KEPT_BEYOND_THE_END, STUCK_REQUESTS
from models_conformance.scenarios.scenario import Framing, Intervention, Scenario, ServerScript, Spelling
from tests.scenarios.fixture_samples import CREDENTIALS, failures, intervened, models, scenario, targets

REQUEST = "".join(
    ["GET /v1/models HTTP/1.1\r\n", *(f"{name}: {value}\r\n" for name, value in CREDENTIALS.items()), "\r\n"]
).encode()


@pytest.fixture(scope="module")
def fixture_server() -> Iterator[Loopback]:
    with Loopback() as loopback:
        yield loopback


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False, timeout=60) as client:
        yield client


def connected(base_url: str) -> socket.socket:
    url = httpx.URL(base_url)
    return socket.create_connection((url.host, url.port or 0), timeout=10)


def received(connection: socket.socket) -> bytes:
    answer = b""
    while piece := connection.recv(65536):
        answer += piece
    return answer


def unanswered(connection: socket.socket, data: bytes) -> bool:
    """Whether nothing comes back of it until the connection is gone."""
    with suppress(ConnectionError):
        connection.sendall(data)
        return received(connection) == b""
    return True


def accepted(base_url: str) -> bool:
    try:
        connected(base_url).close()
    except ConnectionRefusedError:
        return False
    return True


PROBLEMS: dict[str, type[httpx.TransportError]] = {
    "disconnect": httpx.RemoteProtocolError,
    "timeout": httpx.ReadTimeout,
}


@pytest.mark.parametrize(
    ("framing", "kind"),
    [
        ("cut-body", "disconnect"),
        ("cut-chunk", "disconnect"),
        ("no-answer", "disconnect"),
        ("stall-before", "timeout"),
        ("stall-within", "timeout"),
    ],
)
@pytest.mark.parametrize("spelling", [Spelling(), Spelling(chunked=True, gzip=True)])
def test_a_broken_answer_reaches_the_client_as_such(
    fixture_server: Loopback, client: httpx.Client, framing: Framing, kind: str, spelling: Spelling
) -> None:
    script = ServerScript(models(5), spelling=spelling, interventions=(Intervention(last=1, framing=framing),))
    base_url = fixture_server.open(scenario(script))
    with pytest.raises(PROBLEMS[kind]):
        client.get(f"{base_url}/v1/models", headers=CREDENTIALS, timeout=0.2 if kind == "timeout" else 60)
    whole = client.get(f"{base_url}/v1/models", headers=CREDENTIALS)
    broken, after = fixture_server.close()
    assert failures([broken, after]) == [kind, None]
    assert after.response is not None
    assert after.response.body == whole.content
    if framing in {"no-answer", "stall-before"}:
        assert broken.response is None
    else:
        assert broken.response is not None
        assert whole.content.startswith(broken.response.body)
        assert len(broken.response.body) < len(whole.content)


def test_no_answer_is_not_a_byte(fixture_server: Loopback) -> None:
    base_url = fixture_server.open(intervened(Intervention(framing="no-answer")))
    with closing(connected(base_url)) as connection:
        assert unanswered(connection, REQUEST)
    assert failures(fixture_server.close()) == ["disconnect"]


def test_a_cut_chunk_lacks_half_of_the_body_and_the_last_chunk(fixture_server: Loopback) -> None:
    script = ServerScript(
        models(2), spelling=Spelling(chunked=True), interventions=(Intervention(first=2, framing="cut-chunk"),)
    )
    base_url = fixture_server.open(scenario(script))
    with closing(connected(base_url)) as connection:
        connection.sendall(REQUEST)
        whole = connection.recv(65536)
        connection.sendall(REQUEST)
        cut = received(connection)
    fixture_server.close()
    body, cut_body = whole.partition(b"\r\n\r\n")[2], cut.partition(b"\r\n\r\n")[2]
    assert body.endswith(b"0\r\n\r\n")
    assert not cut_body.endswith(b"0\r\n\r\n")
    assert len(dechunked(cut_body)) == len(dechunked(body)) // 2
    assert dechunked(body).startswith(dechunked(cut_body))


def dechunked(body: bytes) -> bytes:
    """What the chunks of a body hold, the last one there or not."""
    size, _, rest = body.partition(b"\r\n")
    length = int(size, 16) if size else 0
    return rest[:length] + dechunked(rest[length + 2 :]) if length else b""


def test_a_cut_is_announced_as_whole(fixture_server: Loopback) -> None:
    base_url = fixture_server.open(intervened(Intervention(first=2, framing="cut-body")))
    with closing(connected(base_url)) as connection:
        connection.sendall(REQUEST + REQUEST)
        received(connection)
    whole, cut = fixture_server.close()
    assert whole.response is not None
    assert cut.response is not None
    assert dict(cut.response.headers)["content-length"] == str(len(whole.response.body))
    assert cut.response.body == whole.response.body[: len(whole.response.body) // 2]


def test_a_stalled_connection_ends_with_its_scenario(fixture_server: Loopback) -> None:
    base_url = fixture_server.open(intervened(Intervention(framing="stall-within")))
    with closing(connected(base_url)) as connection:
        connection.sendall(REQUEST)
        assert connection.recv(65536).startswith(b"HTTP/1.1 200 OK")
        (arrival,) = fixture_server.close()
        assert unanswered(connection, b"")
    assert arrival.seconds > 0


LEAVES_STRAGGLERS = {
    "a broken answer": intervened(Intervention(last=1, framing="no-answer")),
    "a slow scenario": scenario(slow=True),
    "a walk left early": scenario(max_items=2),
}


@pytest.mark.parametrize("before", LEAVES_STRAGGLERS.values(), ids=LEAVES_STRAGGLERS)
def test_a_straggler_of_an_earlier_call_meets_a_closed_port(fixture_server: Loopback, before: Scenario) -> None:
    earlier = fixture_server.open(before)
    with closing(connected(earlier)) as kept_open:
        with closing(connected(earlier)) as connection:
            connection.sendall(REQUEST)
            connection.recv(65536)
        fixture_server.close()
        later = fixture_server.open(scenario())
        assert later != earlier
        assert not accepted(earlier)
        assert unanswered(kept_open, REQUEST)
    assert fixture_server.close() == []


def test_a_port_is_kept_where_nothing_was_left_open(fixture_server: Loopback) -> None:
    earlier = fixture_server.open(scenario(max_items=100))
    assert httpx.get(f"{earlier}/v1/models", headers=CREDENTIALS, trust_env=False).status_code == 200
    fixture_server.close()
    assert fixture_server.open(scenario(max_items=100)) == earlier
    fixture_server.close()


def test_a_request_between_two_scenarios_is_in_neither(fixture_server: Loopback) -> None:
    earlier = fixture_server.open(scenario())
    with closing(connected(earlier)) as connection:
        assert fixture_server.close() == []
        connection.sendall(REQUEST)
        assert fixture_server.open(scenario()) != earlier
        assert fixture_server.close() == []


def test_half_a_request_is_not_ended_in_the_next_scenario(fixture_server: Loopback) -> None:
    earlier = fixture_server.open(scenario())
    with closing(connected(earlier)) as connection:
        connection.sendall(REQUEST[:20])
        assert fixture_server.close() == []
        assert fixture_server.open(scenario()) != earlier
        assert unanswered(connection, REQUEST[20:])
    assert fixture_server.close() == []


def test_what_arrived_before_the_end_is_kept(fixture_server: Loopback) -> None:
    for _ in range(50):
        base_url = fixture_server.open(scenario())
        with closing(connected(base_url)) as connection:
            connection.sendall(REQUEST)
            assert len(fixture_server.close()) == 1


def test_a_client_that_never_stops_is_stopped(fixture_server: Loopback) -> None:
    base_url = fixture_server.open(scenario(ServerScript(models(3), stuck=True)))
    statuses: list[int] = []
    with httpx.Client(trust_env=False, headers=CREDENTIALS) as client, suppress(httpx.TransportError):
        while len(statuses) < 1000:
            statuses.append(client.get(f"{base_url}/v1/models?limit=1&after_id=m-0").status_code)
    assert statuses == [200] * STUCK_REQUESTS + [400] * KEPT_BEYOND_THE_END
    assert len(fixture_server.close()) == len(statuses)
    assert not accepted(base_url)


def test_requests_at_the_same_time_are_all_kept(fixture_server: Loopback) -> None:
    base_url = fixture_server.open(scenario())

    def send(number: int) -> None:
        httpx.get(f"{base_url}/v1/models/{number}", headers=CREDENTIALS, trust_env=False)

    threads = [threading.Thread(target=send, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(targets(fixture_server.close())) == sorted(f"/v1/models/{number}" for number in range(20))


def test_nothing_is_left_after_the_stage(client: httpx.Client) -> None:
    before = threading.active_count()
    with Loopback() as fixture_server:
        base_url = fixture_server.open(intervened(Intervention(framing="stall-before")))
        connection = connected(base_url)
        connection.sendall(REQUEST)
    assert threading.active_count() == before
    assert not accepted(base_url)
    connection.close()


def test_a_server_that_cannot_be_shown_is_refused_where_it_is_opened(fixture_server: Loopback) -> None:
    with pytest.raises(ValueError, match="two things"):
        fixture_server.open(scenario(ServerScript(({"id": "a"}, {"id": "a"}))))
    assert fixture_server.close() == []
