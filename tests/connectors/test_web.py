"""A service that misbehaves: what is waited for, what is asked again, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from connectors.contract import SourceError
from connectors.sources.answers import Page
from connectors.sources.signing import ClientCredentials, Password, SignInError
from connectors.sources.waiting import announced_wait
from connectors.sources.web import Limits, NotAllowedError, ServiceFault, WebService
from tests.connectors.fake_service import Asked, FakeService, Reply, fake_service

SECRET = "s3cret-word"
GOOD = Reply({"rows": [1]})


@pytest.fixture
def service() -> Iterator[FakeService]:
    with fake_service() as started:
        yield started


class Waits(list):
    """Remembers what was waited, and lets a clock of its own go on by it."""

    def pause(self, seconds: float) -> None:
        self.append(seconds)

    def clock(self) -> float:
        return sum(self)


@pytest.fixture
def waits() -> Iterator[Waits]:
    waits = Waits()
    with ExitStack() as waits.clients:
        yield waits


def ask(service: FakeService, waits: Waits, **changed) -> WebService:
    """Return a client of the fake service that does not really wait."""
    client = WebService(
        "Orders",
        service.address,
        limits=Limits(**changed),
        pause=waits.pause,
        clock=waits.clock,
    )
    return waits.clients.enter_context(client)


def after(page: Page) -> dict[str, str] | None:
    """Return where the next page is, as the fake service says it."""
    return {"after": page.content["next"]} if page.content.get("next") else None


def test_t1_a_service_that_asks_to_wait_is_waited_for(service: FakeService, waits: Waits) -> None:
    service.at("/", Reply({}, 429, {"Retry-After": "7"}), GOOD)
    assert ask(service, waits).get("/").content == {"rows": [1]}
    assert waits == [7]


def test_t1_a_date_to_wait_for_is_counted_on_the_clock_of_the_service() -> None:
    # RFC 9110, 10.2.3; the service's clock says 10:00, whatever ours says
    told = {
        "Retry-After": "Fri, 06 Nov 2026 10:00:30 GMT",
        "Date": "Fri, 06 Nov 2026 10:00:00 GMT",
    }
    assert announced_wait(told) == 30
    assert announced_wait({"Retry-After": "soon"}) is None


def test_t2_without_a_header_every_wait_is_about_twice_as_long(
    service: FakeService, waits: Waits
) -> None:
    service.at("/", Reply({}, 429), Reply({}, 503), Reply({}, 429), GOOD)
    assert ask(service, waits).get("/").content == {"rows": [1]}
    # 1, 2 and 4 seconds, each up to a quarter shorter or longer
    for waited, meant in zip(waits, (1, 2, 4), strict=True):
        assert 0.75 * meant <= waited <= 1.25 * meant


def test_t1_two_minutes_are_waited_for_and_no_longer(service: FakeService, waits: Waits) -> None:
    service.at("/", Reply({}, 429, {"Retry-After": "120"}), GOOD)
    ask(service, waits).get("/")
    assert waits == [120]
    service.at("/", Reply({}, 429, {"Retry-After": "121"}), GOOD)
    with pytest.raises(ServiceFault):
        ask(service, waits).get("/")


def test_an_error_that_is_null_is_none(service: FakeService, waits: Waits) -> None:
    service.at("/", Reply({"error": None, "rows": [1]}))
    assert ask(service, waits).get("/").content == {"error": None, "rows": [1]}


def test_t2_a_daily_limit_is_not_waited_for(service: FakeService, waits: Waits) -> None:
    service.at("/", Reply({}, 429, {"Retry-After": "2099-01-01T00:00:00Z"}))
    with pytest.raises(ServiceFault, match="its limit is used up"):
        ask(service, waits).get("/")
    assert waits == []
    assert len(service.asked) == 1


def test_t3_an_error_inside_a_good_answer_is_asked_again(
    service: FakeService, waits: Waits
) -> None:
    service.at("/", Reply({"error": {"code": 429}}), GOOD)
    assert ask(service, waits).get("/").content == {"rows": [1]}
    assert len(waits) == 1


def test_t3_any_other_error_inside_a_good_answer_is_refused(
    service: FakeService, waits: Waits
) -> None:
    service.at("/", Reply({"error": {"code": 1001, "message": f"user {SECRET}"}}))
    with pytest.raises(SourceError, match="an error inside") as refused:
        ask(service, waits).get("/")
    assert SECRET not in str(refused.value)
    assert waits == []


def test_t4_a_web_page_instead_of_data_is_refused(service: FakeService, waits: Waits) -> None:
    service.at("/", Reply("<html>Please log in</html>", kind="text/html"))
    with pytest.raises(SourceError, match="perhaps a log-in or maintenance page"):
        ask(service, waits).get("/")


@pytest.mark.parametrize("promised", [500, None])
def test_t5_an_answer_that_breaks_off_is_asked_again(
    service: FakeService, waits: Waits, promised: int | None
) -> None:
    service.at("/", Reply('{"rows": [1', promised=promised), GOOD)
    assert ask(service, waits).get("/").content == {"rows": [1]}


def test_t5_a_service_that_always_breaks_off_is_given_up(
    service: FakeService, waits: Waits
) -> None:
    service.at("/", Reply('{"rows": [1', promised=500))
    with pytest.raises(ServiceFault, match="breaks off in the middle"):
        ask(service, waits).get("/")
    assert len(service.asked) == Limits().attempts


def test_t6_an_expired_token_is_renewed_once_and_the_same_page_asked_again(
    service: FakeService, waits: Waits
) -> None:
    tokens = iter(["first", "second"])
    service.at("/token", lambda asked: Reply({"access_token": next(tokens)}))

    def answer(asked: Asked) -> Reply:
        page = asked.query.get("after", "0")
        expired = page == "1" and asked.headers["Authorization"] == "Bearer first"
        return Reply({}, 401) if expired else Reply({"page": page, "next": {"0": "1"}.get(page)})

    service.at("/", answer)
    client = ask(service, waits)
    client.signature = ClientCredentials("Orders", f"{service.address}/token", {"secret": SECRET})
    assert [page.content["page"] for page in client.pages("/", after)] == ["0", "1"]


def test_t6_a_fresh_token_that_is_refused_ends_the_run(service: FakeService, waits: Waits) -> None:
    service.at("/token", Reply({"access_token": SECRET}))
    service.at("/", Reply({}, 401))
    client = ask(service, waits)
    client.signature = ClientCredentials("Orders", f"{service.address}/token", {"secret": SECRET})
    with pytest.raises(SignInError, match="fresh token was refused") as refused:
        client.get("/")
    assert SECRET not in str(refused.value) + repr(client.signature)


def test_a_wrong_password_is_tried_once_and_never_shown(service: FakeService, waits: Waits) -> None:
    service.at("/", Reply({"error": SECRET}, 401))
    client = ask(service, waits)
    client.signature = Password("reader", SECRET)
    with pytest.raises(SignInError, match="sign-in was refused") as refused:
        client.get("/")
    assert SECRET not in str(refused.value) + repr(client)
    assert len(service.asked) == 1


def test_t7_a_missing_permission_is_named(service: FakeService, waits: Waits) -> None:
    service.at("/", Reply({}, 403))
    with pytest.raises(NotAllowedError, match="not permitted to read this"):
        ask(service, waits).get("/")


def test_t8_a_page_that_comes_twice_ends_the_run(service: FakeService, waits: Waits) -> None:
    service.at("/", Reply({"next": "1"}))
    with pytest.raises(SourceError, match="sends one twice"):
        list(ask(service, waits).pages("/", after))
    assert len(service.asked) == 2


def test_t8_pages_without_end_are_stopped(service: FakeService, waits: Waits) -> None:
    service.at("/", lambda asked: Reply({"next": str(int(asked.query.get("after", 0)) + 1)}))
    with pytest.raises(SourceError, match="keeps sending pages, 20 so far"):
        list(ask(service, waits, pages=20).pages("/", after))


def test_a_run_has_an_end_in_time(service: FakeService, waits: Waits) -> None:
    def slow(asked: Asked) -> Reply:
        waits.append(10)
        return Reply({"next": str(len(waits))})

    service.at("/", slow)
    with pytest.raises(SourceError, match="not finished within 45 seconds"):
        list(ask(service, waits, seconds=45).pages("/", after))
    assert len(service.asked) == 5


def test_an_answer_without_measure_is_refused(service: FakeService, waits: Waits) -> None:
    service.at("/", Reply({"rows": "x" * 3_000_000}))
    with pytest.raises(SourceError, match="larger than 2 MB"):
        ask(service, waits, bytes=2_000_000).get("/")


@pytest.mark.parametrize("where", ["http://localhost.example.org/x", "//example.org/x"])
def test_credentials_never_travel_to_another_host(
    service: FakeService, waits: Waits, where: str
) -> None:
    service.at("/", Reply({}, 302, {"Location": where}))
    with pytest.raises(SourceError, match="redirects to another host"):
        ask(service, waits).get("/")
    with pytest.raises(SourceError, match="next page is on another host"):
        ask(service, waits).get(where)


def test_a_redirect_on_the_same_host_is_followed(service: FakeService, waits: Waits) -> None:
    service.at("/", Reply({}, 307, {"Location": "/new?x=1"}))
    service.at("/new", GOOD)
    assert ask(service, waits).get("/").content == {"rows": [1]}
    assert service.asked[-1].query == {"x": "1"}


def test_redirects_without_end_are_stopped(service: FakeService, waits: Waits) -> None:
    service.at("/", Reply({}, 302, {"Location": "/"}))
    with pytest.raises(SourceError, match="redirects without end"):
        ask(service, waits).get("/")


@pytest.mark.parametrize(
    "address",
    ["http://example.org", "ftp://example.org", "file:///etc/passwd",
     f"https://reader:{SECRET}@example.org"],
)  # fmt: skip
def test_an_address_that_is_not_encrypted_or_holds_a_password_is_refused(address: str) -> None:
    with pytest.raises(SourceError, match="must begin with https://") as refused:
        WebService("Orders", address)
    assert SECRET not in str(refused.value)


def test_a_service_that_cannot_be_reached_is_said_so(waits: Waits) -> None:
    with fake_service() as service:
        client = ask(service, waits)
    with pytest.raises(ServiceFault, match="cannot be reached"):
        client.get("/")
