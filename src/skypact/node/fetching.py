"""Catalogues from public sources, asked as rarely as they wish."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from skypact.base.errors import InputError, Unavailable
from skypact.node.archive import Archive
from skypact.node.clock import Clock, duration, system_clock
from skypact.node.credentials import Credentials, credentials
from skypact.node.home import Home, home
from skypact.node.http import Response, Unreachable, request
from skypact.node.limiter import Limiter
from skypact.node.sources import SPACETRACK_LOGIN, Query, query

Ask = Callable[[Query, Credentials | None], Response]


class Fetched(NamedTuple):
    """A catalogue as its source sent it; `notice` says why it is not fresh, if it is not."""

    name: str
    body: bytes
    age_s: float
    notice: str


@dataclass(frozen=True)
class Fetcher:
    """Asks public sources as rarely as they wish, and keeps every answer."""

    archive: Archive
    limiter: Limiter
    clock: Clock
    login: Callable[[], Credentials]
    ask: Ask

    def fetch(self, name: str) -> Fetched:
        """The catalogue from its source, or the newest kept copy where that may not be asked.

        Raises:
            InputError: there is no such catalogue, or no login for it.
            Unavailable: the source gave nothing and no copy is kept.
        """
        wanted = query(name)
        login = self.login() if wanted.needs_login else None
        wait_s = self.limiter.claim(wanted.limits)
        if wait_s > 0.0:
            why = f"{wanted.originator} asks to be left alone for another {duration(wait_s)}"
            return self._kept(wanted, f"{why} ({wanted.limits[-1].source})")
        try:
            answer = self.ask(wanted, login)
        except Unreachable as error:
            self.limiter.give_back(wanted.limits)
            return self._kept(wanted, str(error))
        except Unavailable as error:
            return self._kept(wanted, f"{error}; find out why before asking again")
        except BaseException:
            self.limiter.give_back(wanted.limits)  # interrupted: nothing was received
            raise
        _check(wanted, answer.body)
        self.archive.keep(
            answer.body,
            name=name,
            url=wanted.url,
            headers=answer.headers,
            now_s=self.clock(),
        )
        return Fetched(name, answer.body, 0.0, "")

    def _kept(self, wanted: Query, why: str) -> Fetched:
        newest = self.archive.newest(wanted.name)
        if newest is None:
            raise Unavailable(
                f"{why}, and no copy of {wanted.name} is kept here. Use a file (skypact screen "
                "FILE), the built-in exercise (skypact screen exercise), or try again later"
            )
        receipt, body = newest
        age_s = self.clock() - receipt.fetched_at_s
        return Fetched(wanted.name, body, age_s, f"{why}; using the copy of {duration(age_s)} ago")


def fetcher(*, environment: Mapping[str, str] = os.environ, clock: Clock = system_clock) -> Fetcher:
    """The fetcher of this user on this machine."""
    at: Home = home(environment)
    return Fetcher(
        archive=Archive(at.cache / "responses"),
        limiter=Limiter(at.state / "requests.sqlite", clock),
        clock=clock,
        login=lambda: credentials(environment, at.settings),
        ask=ask,
    )


def ask(wanted: Query, login: Credentials | None) -> Response:
    """Put the question to its source."""
    if login is None:
        return request(wanted.url)
    form = {"identity": login.identity, "password": login.password, "query": wanted.url}
    return request(SPACETRACK_LOGIN, form=form)


def _check(wanted: Query, body: bytes) -> None:
    """Sources answer some questions with a sentence and status 200."""
    start = body[:200].strip()
    if wanted.needs_login and start.startswith(b'{"Login":"Failed"'):
        raise InputError("Space-Track refused the login")
    if wanted.originator == "CelesTrak" and b"," not in start.split(b"\n")[0]:
        said = start.decode("utf-8", "replace") or "nothing"
        raise Unavailable(f"CelesTrak sent no elements for {wanted.name} but {said!r}")
    if wanted.needs_login and not start.startswith(b"["):
        raise Unavailable(f"Space-Track sent no elements for {wanted.name}")
