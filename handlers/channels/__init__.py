"""The supervision platforms (督导平台): one module each, the same function names in each."""

from typing import cast

from handlers.channels import citizen_photo
from handlers.channels.piece import Channel

CHANNELS: dict[str, Channel] = {module.KEY: cast(Channel, module) for module in (citizen_photo,)}
