"""存放设置: where photos are kept, and for how long what is personal is."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Discriminator, Field, Tag

from bot.setting_values import STRICT, Secret, Span, Url, duration
from photos.bucket import Bucket, Place
from photos.storage import Storage
from photos.vault import Vault

_NAME = r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$"
_PREFIX = r"^([A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*/?)?$"


class BucketSettings(BaseModel):
    """对象存储: any server that speaks S3. Both keys come as `x` or, better, as `x_file`.

    prefix: what the names of our files begin with.  virtual_hosts: requests go to BUCKET.endpoint, as Alibaba Cloud
    OSS (阿里云) and Tencent Cloud COS (腾讯云) want it; MinIO, Ceph and SeaweedFS take the other way.
    """

    model_config = STRICT

    bucket: Annotated[str, Field(pattern=_NAME)]
    endpoint: Url
    access_key: Secret
    secret_key: Secret
    region: Annotated[str, Field(min_length=1)] = "us-east-1"
    prefix: Annotated[str, Field(pattern=_PREFIX)] = ""
    virtual_hosts: bool = False
    patience: Span = timedelta(seconds=20)

    def place(self) -> Place:
        """The same, as the storage wants it."""
        return Place(
            bucket=self.bucket,
            endpoint=self.endpoint,
            access_key=self.access_key.get_secret_value(),
            secret_key=self.secret_key.get_secret_value(),
            region=self.region,
            prefix=self.prefix,
            virtual_hosts=self.virtual_hosts,
            patience=self.patience,
        )


# Told apart before anything is checked, so that a mistake in a bucket is not told twice, once as a bad path.
IN_FOLDER, IN_BUCKET = "(folder)", "(bucket)"
PhotoPlace = Annotated[
    Annotated[Path, Tag(IN_FOLDER)] | Annotated[BucketSettings, Tag(IN_BUCKET)],
    Discriminator(lambda value: IN_BUCKET if isinstance(value, dict | BucketSettings) else IN_FOLDER),
]


def open_storage(photos: Path | BucketSettings) -> Storage:
    """The storage the settings name. Nothing is asked of it yet."""
    return Bucket(photos.place()) if isinstance(photos, BucketSettings) else Vault(photos)


def _span_or_off(words: Any) -> timedelta | None:
    # A bare `off` is false to YAML.
    if words is False or words is None or words == "off":
        return None
    span = duration(words)
    if span < timedelta(days=1):
        raise ValueError("must be a day or more, or off")
    return span


Keeping = Annotated[timedelta | None, BeforeValidator(_span_or_off)]


class Retention(BaseModel):
    """保存期限: of photos, after their case was closed, and of raw messages, after they came; None: for ever."""

    model_config = STRICT

    photos: Keeping = timedelta(days=1095)
    raw: Keeping = timedelta(days=180)
