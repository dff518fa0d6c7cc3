"""The supervision platforms (督导平台): one module each, the same function names in each."""

from typing import cast

from handlers.channels import (
    citizen_patrol,
    citizen_photo,
    field_assessment,
    hotline_12345,
    media_supervision,
    traffic_volunteer,
)
from handlers.channels.piece import Channel

CHANNELS: dict[str, Channel] = {
    module.KEY: cast(Channel, module)
    for module in (
        citizen_photo,
        citizen_patrol,
        hotline_12345,
        traffic_volunteer,
        field_assessment,
        media_supervision,
    )
}
