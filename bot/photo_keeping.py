"""留存照片: the one way a photo gets into the vault, with the copies that may be shown."""

from concurrent.futures import ThreadPoolExecutor

from photos.intake import Taken, take
from photos.storage import PhotoMissing, Storage

# However many are downloaded side by side: the worst picture we take needs 200 MB while it is decoded. Threads of
# their own rather than a semaphore, because each thread's heap keeps what it once held: 1220 MB with eight of them.
_DECODERS = ThreadPoolExecutor(2, "decoder")


def keep(vault: Storage, data: bytes) -> Taken:
    """Take a photo and keep its original and its copies; nothing is kept of one that is refused.

    Raises `PhotoRefused`, and `OSError` where the vault cannot write.
    """
    taken = examined(data)
    vault.keep_original(data, taken.facts.sha256)
    keep_copies(vault, taken)
    return taken


def examined(data: bytes) -> Taken:
    """Take a photo without keeping anything, when its turn has come; raises `PhotoRefused`."""
    return _DECODERS.submit(take, data).result()


def keep_copies(vault: Storage, taken: Taken) -> None:
    """Put the copies of a photo beside its original."""
    for name, copy in taken.copies.items():
        vault.keep_copy(taken.facts.sha256, name, copy)


def shown(vault: Storage, sha256: str, name: str = "screen") -> bytes:
    """A copy that may be shown, made from the original where there is none yet.

    Raises `PhotoMissing` where the original is gone, `PhotoRefused` where it can no longer be taken.
    """
    try:
        return vault.copy(sha256, name)
    except PhotoMissing:
        taken = examined(vault.original(sha256))
        keep_copies(vault, taken)
        return taken.copies[name]
