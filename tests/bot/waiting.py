"""Waiting (等待) for what other threads do, with an end."""

import time
from collections.abc import Callable


def wait_until(happened: Callable[[], bool], seconds: float = 15) -> None:
    """Look again and again. Raises TimeoutError."""
    end = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > end:
            raise TimeoutError(f"it did not happen within {seconds} s")
        time.sleep(0.01)
