"""HEIC (苹果照片): taken where the optional extra is installed (requirements-extra.txt), else refused in clear words.

Its decoder runs in a process of its own: a damaged file of 900 bytes makes pi-heif 1.4.0 follow a bad pointer, and
nothing a sender can send may take a worker with it. WeChat sends JPEG, so half a second more is no loss.
"""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import cast

from photos.bare import Bare
from photos.refusal import PhotoRefused, Reason

HEIF_IS_INSTALLED = find_spec("pi_heif") is not None
# 12 million pixels take 0.6 s and 150 MB, a phone's 24 million 1.1 s and 210 MB.
MOST_PIXELS = 25_000_000
# The decoder leaves nothing out for a smaller copy, so its process hands over no more than the largest copy needs.
LONGEST_SIDE = 2000
_SECONDS = 60


def bare_heic(data: bytes) -> Bare:
    """The pixels of a HEIC as a bitmap, and its EXIF; raises `PhotoRefused`, also when the decoder crashes."""
    child = [sys.executable, "-m", "photos.heif_child"]
    house = Path(__file__).parents[1]
    try:
        run = subprocess.run(child, cwd=house, input=data, capture_output=True, timeout=_SECONDS, check=True)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise PhotoRefused("truncated", f"the decoder of HEIC failed: {error}") from error
    head, _, body = run.stdout.partition(b"\n")
    told = json.loads(head)
    if "refused" in told:
        raise PhotoRefused(cast(Reason, told["refused"]), told["detail"])
    return Bare(body[told["exif"] :], exif=body[: told["exif"]], size=(told["width"], told["height"]))
