"""An edition as a mail: text and HTML parts, and headers that stay the same (RFC 5322)."""

from __future__ import annotations

import hashlib
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr

from summarizer.digest.config import Email
from summarizer.digest.delivery.identity import stable_id
from summarizer.digest.delivery.outcome import NotDelivered
from summarizer.digest.state.records import Edition
from summarizer.render import to_letter, to_markdown
from summarizer.render.escape import clean

MOST_HTML = 5_000_000  # bytes; servers take 10 to 25 MB in all, and base64 adds a third
MOST_TEXT = 2_000_000  # bytes
_MAX_SUBJECT = 200  # characters
# ASCII alone goes over the wire, so that no server needs 8BITMIME; 998 is RFC 5322's longest
# line, and up to it no header is folded: folded Message-IDs are mangled by some servers.
_POLICY = SMTP.clone(cte_type="7bit", max_line_length=998)


def write_letter(settings: Email, edition: Edition, message_id: str, list_id: str) -> EmailMessage:
    """Return the mail of `edition`: the same bytes whenever it is written.

    Args:
        settings: sender, recipients and subject.
        edition: what it tells; its date is when the edition was made, however late it is sent.
        message_id: with angle brackets.
        list_id: of RFC 2919, without brackets.

    Raises:
        NotDelivered: an address or header cannot be written.
    """
    letter = EmailMessage(policy=_POLICY)
    try:
        letter["Date"] = edition.created
        letter["From"] = mailbox(settings.sender)
        letter["To"] = tuple(mailbox(one) for one in settings.to)
        letter["Subject"] = _subject(settings, edition)
        letter["Message-ID"] = message_id
        letter["List-Id"] = f"<{list_id}>"
        letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers, please
    except (ValueError, MessageError) as error:
        raise NotDelivered(f"the mail cannot be written: {type(error).__name__}") from error
    _fill(letter, edition)
    return letter


def message_id(settings: Email, digest: str, channel: str, edition_name: str) -> str:
    """Return the Message-ID: the same for the same digest, sender, channel and edition."""
    spec = parseaddr(settings.sender)[1]
    try:
        domain = spec.rpartition("@")[2].encode("idna").decode()
    except UnicodeError:
        domain = ""  # write_letter says what is wrong with the address; a key there must be
    name = stable_id(digest, spec, channel, edition_name)
    return f"<{name}@{domain or 'summarizer.invalid'}>"


def _fill(letter: EmailMessage, edition: Edition) -> None:
    text, html = _shortened(to_markdown(edition.brief)), to_letter(edition.brief)
    size = len(html.encode())
    if size > MOST_HTML:
        note = f"The HTML form is left out: it is larger than {MOST_HTML // 1_000_000} MB."
        letter.set_content(f"{note}\n\n{text}", charset="utf-8")
        return
    letter.set_content(text, charset="utf-8")
    letter.add_alternative(html, subtype="html", charset="utf-8")
    # Made of the content, so that no content can hold it, and the same for the same content.
    digest = hashlib.sha256(f"{text}\0{html}".encode()).hexdigest()[:32]
    letter.set_boundary(f"=_{digest}")


def _shortened(text: str) -> str:
    """Return `text` cut after a line, and saying so, where it is larger than MOST_TEXT."""
    data = text.encode()
    if len(data) <= MOST_TEXT:
        return text
    # At a line's end, so that no half of a link or mark is left; ignored: half a character.
    cut = data[: data.rfind(b"\n", 0, MOST_TEXT) + 1 or MOST_TEXT].decode("utf-8", "ignore")
    most = MOST_TEXT // 1_000_000
    return f"{cut.rstrip()}\n\nThe rest is left out: the text is larger than {most} MB.\n"


def _subject(settings: Email, edition: Edition) -> str:
    brief = edition.brief
    subject = settings.subject.format(
        edition=edition.name,
        stories=len(brief.stories),
        facts=sum(len(story.facts) for story in brief.stories),
    )
    return clean(subject, limit=_MAX_SUBJECT)


def mailbox(text: str) -> Address:
    """Return the address that `text` names: "ada@example.org" or "Ada <ada@example.org>".

    Raises:
        NotDelivered: it is none, or one that plain mail (RFC 5321) cannot carry.
    """
    name, spec = parseaddr(text)
    try:
        # A domain of other letters has an ASCII form, what is before the "@" has none.
        user, _, domain = spec.rpartition("@")
        address = Address(
            display_name=clean(name),
            addr_spec=f"{user.encode('ascii').decode()}@{domain.encode('idna').decode()}",
        )
    except (ValueError, IndexError, MessageError) as error:
        raise NotDelivered("an address of the configuration is no plain mail address") from error
    if not address.username or not address.domain:
        raise NotDelivered("an address of the configuration is no plain mail address")
    return address
