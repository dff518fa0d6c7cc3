"""点位: what kinds of place a finding is at or near: by landmarks named or near the pin, and by plain words."""

from collections.abc import Iterator

from routing.scan import Hit
from routing.where.evidence import Mention
from routing.where.scene import Scene
from routing.where.spot import Site


def sites(scene: Scene) -> tuple[Site, ...]:
    """The sites of a scene: those named, those the pin is at, and kinds said without a name."""
    named = list(dict.fromkeys(scene.pack.atlas.landmarks.named(scene.names)))
    names = {site.name for site in named}
    near = scene.pack.atlas.landmarks.near(scene.pin.lat, scene.pin.lon) if scene.pin else []
    said = dict.fromkeys(_kinds_said(scene))
    kinds = {site.kind for site in named}
    return (
        *named,
        *(site for site in near if site.name not in names),
        *(Site(kind, "") for kind in said if kind not in kinds),
    )


def _kinds_said(scene: Scene) -> Iterator[str]:
    names = scene.pack.points.site_type_names
    for hit in names.scanner.hits(scene.text):
        # 青年公园街道 is a street office, and the park in 泉城公园 has been named already.
        if not any(_stands_in(hit, mention) for mention in scene.names):
            yield names.forms[hit.word].key


def _stands_in(hit: Hit, mention: Mention) -> bool:
    return mention.start <= hit.start and hit.end <= mention.end and hit.end - hit.start < mention.end - mention.start
