"""Why a round did not come about: each trouble by name, with the sentence that the worker reads.

The tree, sorted by who can act::

    RoundFailed
    ├── LineTrouble            the line: the program tries again by itself
    │   ├── NoLine             the laptop has no connection at all
    │   ├── NameNotFound       connected, but nobody knows the server's name
    │   ├── NotListening       the server's computer is there, the server is not
    │   ├── NoAnswer           nothing came in time: a half-open line
    │   ├── CutShort           the answer broke off or cannot be read
    │   └── SignInPage         a hotel's or café's page answered instead of the server
    ├── ServerTrouble          the server: the program tries again by itself
    │   ├── ServerFault        5xx
    │   ├── AskedToWait        too many rounds; ``wait_seconds`` says how long
    │   ├── NotTaken           any other 4xx: our fault
    │   ├── ForAnother         the answer was meant for another worker's laptop
    │   ├── SnapshotGone       what was arriving is no longer there: another is asked for
    │   ├── AnswerTooLarge     more came than any server of ours gives
    │   └── TooLarge           less at a time is needed
    └── NeedsSomebody          nothing gets better by trying again
        ├── WrongAddress       not an address, or one without encryption
        ├── WrongFingerprint   the fingerprint that was typed is none
        ├── WrongAuthority     the file that was chosen holds no authority's certificate
        │   └── AuthorityHoldsKey  it holds a private key
        ├── EncryptedOnly      the address begins with http://, and the server speaks over encrypted lines only
        ├── UntrustedServer    the certificate is not the server's
        │   ├── OtherCertificate  its certificate has another fingerprint than the one that was typed
        │   └── PlainServer    what answered does not speak over an encrypted line at all
        ├── ProgramTooOld      this program speaks an older protocol than the server does
        ├── ServerTooOld       the other way round
        │   └── FindsByBirthOnly  for what was asked; all else goes on in the older protocol
        ├── UnknownLaptop      the credential means nothing to the server
        ├── WrongCode          the one-time code was not taken, or (NoWholeCode) is none
        ├── OtherOrganisation  the code is another organisation's than the one whose records are in the file
        └── Revoked            the administrator signed this laptop off
"""

from __future__ import annotations

from typing import ClassVar

from sync.protocol.errors import TROUBLE_WORDS, Trouble


class RoundFailed(Exception):
    """A round that did not come about. Nothing was lost; ``words`` says what happened and what to do next."""

    name: ClassVar[str] = "round_failed"
    words: ClassVar[str] = "Sending did not work this time. Your work is safe here and is sent later."

    def __str__(self) -> str:
        return self.words


class LineTrouble(RoundFailed):
    """The line between the laptop and the server."""


class ServerTrouble(RoundFailed):
    """The server answered, and could not take the round now. ``stated``: it said so itself, in the words of the protocol."""

    def __init__(self, *, stated: bool = False) -> None:
        super().__init__()
        self.stated = stated


class AnswerTooLarge(ServerTrouble):
    """More came than any server of ours gives in one answer."""

    name = "answer_too_large"
    words = (
        "The server's answer was larger than this program takes, so none of it was taken. Your work is safe here. "
        "If this comes again, tell whoever runs the server."
    )


class NeedsSomebody(RoundFailed):
    """Nothing gets better by trying again: a person has to do something first."""


class NoLine(LineTrouble):
    """The laptop has no connection."""

    name = "no_line"
    words = "There is no internet connection. Your work is safe here and is sent when there is one."


class NameNotFound(LineTrouble):
    """The server's name is not known on this line."""

    name = "name_not_found"
    words = (
        "The server's name was not found on this connection. Your work is safe here and is sent later. "
        "If this goes on, check the server's address with your administrator."
    )


class NotListening(LineTrouble):
    """The computer at the address does not serve."""

    name = "not_listening"
    words = (
        "The server is switched off or cannot be reached from here. Your work is safe here and is sent later. "
        "If this goes on, tell your administrator."
    )


class NoAnswer(LineTrouble):
    """Nothing came in time."""

    name = "no_answer"
    words = "The connection is too slow or broken: no answer came in time. Your work is safe here and is sent again."


class CutShort(LineTrouble):
    """The answer broke off, or is not one that can be read."""

    name = "cut_short"
    words = "The server's answer broke off on the way. Your work is safe here. What was sent is not counted twice."


class SignInPage(LineTrouble):
    """A web page answered in place of the server."""

    name = "sign_in_page"
    words = (
        "This network answered with a page of its own, not with the server. Your work is safe here. "
        "Open a web browser, sign in to this network, then send again."
    )


class ServerFault(ServerTrouble):
    """The server failed."""

    name = "server_fault"
    words = TROUBLE_WORDS[Trouble.SERVER_FAULT]


class AskedToWait(ServerTrouble):
    """Too many rounds in too short a time."""

    name = "asked_to_wait"
    words = TROUBLE_WORDS[Trouble.TOO_MANY]

    def __init__(self, wait_seconds: float | None = None, *, stated: bool = False) -> None:
        super().__init__(stated=stated)
        self.wait_seconds = wait_seconds


class NotTaken(ServerTrouble):
    """The server could not read what was sent."""

    name = "not_taken"
    words = TROUBLE_WORDS[Trouble.MALFORMED]


class ForAnother(ServerTrouble):
    """The answer names another worker than the one whose file this is."""

    name = "for_another"
    words = (
        "The answer that came was meant for somebody else's laptop, so nothing of it was kept. Your work is safe here and is "
        "sent again later. If this comes back, tell your administrator."
    )


class SnapshotGone(ServerTrouble):
    """The server has the snapshot no longer, or this laptop may not have it any more."""

    name = "snapshot_gone"
    words = "The server made its records ready anew. Your work is safe here. What has not arrived yet is asked for again."


class TooLarge(ServerTrouble):
    """More was sent than the server takes at a time."""

    name = "too_large"
    words = TROUBLE_WORDS[Trouble.TOO_LARGE]


class WrongAddress(NeedsSomebody):
    """The server's address cannot be used."""

    name = "wrong_address"
    words = (
        "The server's address must begin with https:// so that nobody can read along. Your work is safe here. "
        "Check the address with your administrator."
    )


class WrongFingerprint(NeedsSomebody):
    """What was typed as a fingerprint cannot be one."""

    name = "wrong_fingerprint"
    words = (
        "The fingerprint has 32 letters and figures, 0 to 9 and a to f. Your work is safe here. "
        "Type it again as your administrator gave it to you."
    )


class WrongAuthority(NeedsSomebody):
    """What was chosen as the service's own certificate authority is none."""

    name = "wrong_authority"
    words = (
        "There is no authority's certificate in this file. Your work is safe here. Ask your administrator for the file of the "
        "service's own authority; it often ends in .pem or .crt. For one server's own certificate, type its fingerprint."
    )


class AuthorityHoldsKey(WrongAuthority):
    """The file holds a private key, which belongs to nobody's laptop."""

    name = "authority_holds_key"
    words = (
        "There is a private key in this file, which must stay with your service, so nothing of it was kept. Your work is safe "
        "here. Tell your administrator at once, and ask for the file with the authority's certificate alone."
    )


class UntrustedServer(NeedsSomebody):
    """Whoever answered could not show that it is the server."""

    name = "untrusted_server"
    words = (
        "Something answered that could not prove it is your server, so nothing was sent. Your work is safe here. "
        "Check this laptop's date and time, try another network, and tell your administrator if it goes on."
    )


class OtherCertificate(UntrustedServer):
    """The certificate that was shown has another fingerprint than the one that this laptop was given."""

    name = "other_certificate"
    words = (
        "The server that answered does not have the fingerprint that this laptop was given, so nothing was sent. Your work is "
        "safe here. Compare the fingerprint, letter by letter, with the one your administrator has. If it is the same, tell them."
    )


class PlainServer(UntrustedServer):
    """What answered at an https address does not speak over an encrypted line at all."""

    name = "plain_server"
    words = (
        "What answered does not speak over an encrypted line, so nothing was sent. Your work is safe here. If this network "
        "asks people to sign in, do that in a web browser. Else check the server's address with your administrator."
    )


class EncryptedOnly(NeedsSomebody):
    """The server speaks over encrypted lines only, and its address here is a plain one."""

    name = "encrypted_only"
    words = (
        "This server speaks only over an encrypted line: its address begins with https://. Your work is safe here and nothing "
        "was lost. Ask your administrator for the address as it is now and for a new code, and join again with them."
    )


class ProgramTooOld(NeedsSomebody):
    """The server speaks a newer protocol."""

    name = "program_too_old"
    words = TROUBLE_WORDS[Trouble.PROTOCOL_TOO_OLD]


class ServerTooOld(NeedsSomebody):
    """The server speaks an older protocol; ``speaks`` is the highest number that it told."""

    name = "server_too_old"
    words = TROUBLE_WORDS[Trouble.PROTOCOL_TOO_NEW]

    def __init__(self, speaks: int | None = None) -> None:
        super().__init__()
        self.speaks = speaks


class FindsByBirthOnly(ServerTooOld):
    """The server speaks an older protocol, in which somebody is found by a day of birth and by nothing else."""

    name = "finds_by_birth_only"
    words = (
        "This server is older than your program: it finds people by their name and date of birth only, so it was not asked. "
        "If you know their date of birth, look with it. If not, ring a colleague in their area. Ask your administrator to "
        "update the server."
    )


class UnknownLaptop(NeedsSomebody):
    """The server does not know the credential."""

    name = "unknown_laptop"
    words = TROUBLE_WORDS[Trouble.UNKNOWN_LAPTOP]


class WrongCode(NeedsSomebody):
    """The one-time code was not taken."""

    name = "wrong_code"
    words = TROUBLE_WORDS[Trouble.BAD_CODE]


class NoWholeCode(WrongCode):
    """What was typed is no one-time code, or not all of one; the server was not asked."""

    words = (
        "This is not a whole code. A code is the short name of your service and three groups of five letters and digits, such as "
        "stretford-7K2QD-M41XA-90HTB. Nothing was sent; look at it again."
    )


class OtherOrganisation(NeedsSomebody):
    """The code would bring one organisation's records to another."""

    name = "other_organisation"
    words = (
        "This code names another organisation than the one whose records are in your file. Nothing was sent or changed, and your "
        'work is safe here. Check the code. To work for both, choose "Add someone who works on this laptop" on the lock screen.'
    )


class Revoked(NeedsSomebody):
    """The administrator signed this laptop off."""

    name = "revoked"
    words = TROUBLE_WORDS[Trouble.REVOKED]


BY_TROUBLE: dict[Trouble, type[RoundFailed]] = {
    Trouble.PROTOCOL_TOO_OLD: ProgramTooOld,
    Trouble.PROTOCOL_TOO_NEW: ServerTooOld,
    Trouble.UNKNOWN_LAPTOP: UnknownLaptop,
    Trouble.REVOKED: Revoked,
    Trouble.BAD_CODE: WrongCode,
    Trouble.MALFORMED: NotTaken,
    Trouble.TOO_LARGE: TooLarge,
    Trouble.TOO_MANY: AskedToWait,
    Trouble.SERVER_FAULT: ServerFault,
}
"""The laptop's name for each trouble that the server can state."""


def _all(kind: type[RoundFailed]) -> dict[str, type[RoundFailed]]:
    found = {kind.name: kind}
    for narrower in kind.__subclasses__():
        found.update(_all(narrower))
    return found


def kind_of(name: str) -> type[RoundFailed]:
    """Return the trouble of that ``name``; an unknown name gets the general one."""
    return _all(RoundFailed).get(name, RoundFailed)


def words_for(name: str) -> str:
    """Return the sentence of the trouble of that ``name``."""
    return kind_of(name).words
