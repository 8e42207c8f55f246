"""Everything that can go wrong with the encrypted file, sorted by who can act.

StorageTrouble
  WorkerCanAct                  a sentence says what happened, what it means for the record, and what to do
    WrongPassphrase             try again, after a while
    WrongRecoveryKey            look at the paper again
    WeakPassphrase              choose another
    FullDisk                    make room
    FailingDisk                 fetch help, copy the backups
    BusyFile                    close the other window
    DamagedFile                 restore a backup
      DamagedHeader             restore the header or use a backup
    NoBackup                    choose another file
    NoKeyFile                   choose the backup where its key file is
    NewerFile                   update the program
    SyncedFolder                choose a folder that is not copied to a cloud
    NameTaken                   this worker is on this laptop already
  OurFault                      a bug: logged without personal data, work kept
    MissingRecord               an edit of a record that is not in the file
    NestedWriting               a transaction inside a transaction
    ClosedFile                  something asked the file after it was closed
    NotEncrypted                the driver would have written plain text
    BrokenSchema                triggers or tables are not as this program makes them
"""

from __future__ import annotations


class StorageTrouble(Exception):
    """Something about the encrypted file; its text is for the person who reads it."""


class WorkerCanAct(StorageTrouble):
    """The worker can do something about it: the text says what."""


class WrongPassphrase(WorkerCanAct):
    """The passphrase is not the one. ``wait_seconds`` is how long the next try has to wait."""

    def __init__(self, wait_seconds: float = 0) -> None:
        self.wait_seconds = wait_seconds
        then = "Try again." if wait_seconds <= 0 else f"You can try again in {_length(wait_seconds)}."
        super().__init__(f"This passphrase is not right. Nothing is lost. {then} You can also use your recovery key.")


class WaitBeforeTrying(WrongPassphrase):
    """Too many wrong passphrases came before: this try was not looked at."""

    def __init__(self, wait_seconds: float) -> None:
        super().__init__(wait_seconds)
        self.args = (f"Please wait {_length(wait_seconds)} before the next try. Nothing is lost.",)


class WrongRecoveryKey(WorkerCanAct):
    """The recovery key is mistyped or belongs to another file."""


class WeakPassphrase(WorkerCanAct):
    """The passphrase is too easy to guess; the text says why and what would be better."""


class FullDisk(WorkerCanAct):
    """There is no room left on the disk."""

    def __init__(self) -> None:
        super().__init__(
            "The disk of this laptop is full. The last change was not saved; everything before it is safe. "
            "Make some room (empty the bin, delete large files) and save again."
        )


class FailingDisk(WorkerCanAct):
    """The disk did not do what it was asked."""

    def __init__(self) -> None:
        super().__init__(
            "The disk of this laptop did not answer. The last change was not saved; everything before it is safe. "
            "Save again. If this comes back, copy your backups to a stick and have the laptop looked at."
        )


class BusyFile(WorkerCanAct):
    """Another program has had the file locked for longer than a few seconds."""

    def __init__(self) -> None:
        super().__init__(
            "Another program is using your file. The last change was not saved; everything before it is safe. "
            "Close other windows of this program, and save again."
        )


class DamagedFile(WorkerCanAct):
    """The database cannot be read as it stands; it was left exactly as it is."""

    def __init__(self, what: str = "Your file on this laptop (records.ewb) is damaged and cannot be opened") -> None:
        super().__init__(
            f'{what}. Nothing was changed. Choose "Bring back a backup" here on the lock screen and take the newest; '
            "what was sent to the server is safe there and comes back by itself."
        )


class DamagedHeader(DamagedFile):
    """The small file with the key slots cannot be read."""

    def __init__(self) -> None:
        super().__init__(
            "The key file beside your records (header.json) is damaged, and so is its copy. "
            "Your passphrase cannot be checked without it. Your records may be whole"
        )


class NoBackup(WorkerCanAct):
    """The file that was chosen as a backup is none of this worker's, or the copy is damaged."""

    def __init__(self) -> None:
        super().__init__(
            "The file that you chose is not a backup of this part of the laptop, or that copy is damaged. "
            "Your own file on this laptop was not touched. Choose another file whose name ends in .backup."
        )


class NoKeyFile(WorkerCanAct):
    """A backup without the key file that was written beside it."""

    def __init__(self) -> None:
        super().__init__(
            "The key file header.json is not beside this backup, so it cannot be opened. Nothing was changed. "
            "Choose the backup in the folder where it was made, on the memory stick."
        )


class NewerFile(WorkerCanAct):
    """The file was last opened by a newer program than this one."""

    def __init__(self) -> None:
        super().__init__(
            "Your file was last used with a newer version of this program. It was not changed and nothing is lost. "
            "Update the program on this laptop, then unlock again."
        )


class SyncedFolder(WorkerCanAct):
    """The folder is copied to a cloud drive, which tears an open database apart."""


class NameTaken(WorkerCanAct):
    """There is a file for a worker of this name on this laptop."""


class OurFault(StorageTrouble):
    """A fault of the program: it is logged without personal data, and the worker's entry is kept."""


class MissingRecord(OurFault):
    """An edit of a record that is not in the file."""


class MemberGone(MissingRecord, LookupError):
    """Something was to be written about a member whose records have left this file."""


class NestedWriting(OurFault):
    """A transaction was begun inside a transaction of the same thread."""


class ClosedFile(OurFault):
    """The file was read or written after it was closed: at a lock, or at the end. What is in it is whole."""


class NotEncrypted(OurFault):
    """The driver would have written plain text, so nothing was written."""


class BrokenSchema(OurFault):
    """The tables or triggers in the file are not as this program makes them."""


def _length(seconds: float) -> str:
    whole = max(1, round(seconds))
    if whole < 60:
        return "1 second" if whole == 1 else f"{whole} seconds"
    minutes = -(-whole // 60)
    return "1 minute" if minutes == 1 else f"{minutes} minutes"
