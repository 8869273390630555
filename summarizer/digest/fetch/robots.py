"""robots.txt: what the owners of a site do not want fetched, and how slowly they want the rest.

Source: RFC 9309, https://www.rfc-editor.org/rfc/rfc9309.
"""

from __future__ import annotations

import threading

from protego import Protego

from summarizer.digest.fetch.failures import FetchFailed, forbidden

MAX_BYTES = 500 * 1024  # section 2.5: "at least 500 kibibytes"; what is beyond is not read
MAX_DELAY_S = 30.0  # a Crawl-delay of hours would mean: never
# Protego copies each rule for each agent of its group. A file of this many is no rule but an
# attack; real ones have a hundredth.
_MAX_PRODUCT = 3_000_000


class Rules:
    """What one robots.txt says to us."""

    def __init__(self, text: str, agent: str) -> None:
        """Read the rules for the robot `agent`.

        Raises:
            FetchFailed: FORBIDDEN, they cannot be read in reasonable time.
        """
        lines = text.splitlines()
        agents = sum(line.lstrip("\ufeff \t").lower().startswith("user") for line in lines)
        if agents * (len(lines) - agents) > _MAX_PRODUCT:
            raise forbidden("its robots.txt has more rules than can be read")
        self._agent = agent
        self._rules = Protego.parse(text.removeprefix("\ufeff"))
        self.delay_s = min(self._rules.crawl_delay(agent) or 0.0, MAX_DELAY_S)

    def allow(self, url: str) -> bool:
        """Tell whether `url`, one of this site, may be fetched."""
        return self._rules.can_fetch(url, self._agent)


class Robots:
    """The rules of all sites of one run, each fetched once; may be used by several threads."""

    def __init__(self) -> None:
        self._known: dict[str, Rules | FetchFailed] = {}
        self._lock = threading.Lock()

    def get(self, robots_url: str) -> Rules | None:
        """Return what is known, None where it has to be fetched first.

        Raises:
            FetchFailed: the site may not be asked tonight.
        """
        with self._lock:
            known = self._known.get(robots_url)
        if isinstance(known, FetchFailed):
            raise known
        return known

    def keep(self, robots_url: str, rules: Rules | FetchFailed) -> None:
        """Remember the rules, or why there are none."""
        with self._lock:
            self._known[robots_url] = rules


def agent_token(user_agent: str) -> str:
    """Return the name that robots.txt would call us by: section 2.2.1, the product token."""
    return user_agent.split("/", 1)[0].split(" ", 1)[0] or "summarizer"


def rules_without(failure: FetchFailed, agent: str) -> Rules | FetchFailed:
    """Return what follows where robots.txt cannot be had.

    A status of 400 to 499 means that there is none and all is allowed, 401 and 403 too (section
    2.3.1.3); all else means that nothing may be asked (2.3.1.4). 429 is no answer to the
    question: the server wants to be left alone.
    """
    if 400 <= failure.status < 500 and failure.status != 429:
        return Rules("", agent)
    return FetchFailed(
        f"its robots.txt, which has to be asked first, cannot be had: {failure.detail}",
        reason=forbidden("").reason if failure.status else failure.reason,
        status=failure.status,
        pause_s=failure.pause_s,
        stop=failure.stop,
    )
