"""照片命令 (`run.py photos …`): the photos that are kept, and what is made of them."""

import click

from bot import photo_rebuild, picture_commands, publishing_commands, storage_commands


@click.group()
def photos() -> None:
    """Photos: prove that all are there, clear away what nobody knows, make pictures, publish."""


for _command in (storage_commands.verify, storage_commands.sweep, storage_commands.erase):
    photos.add_command(_command)
for _command in (picture_commands.compare, picture_commands.card, picture_commands.sheet):
    photos.add_command(_command)
photos.add_command(photo_rebuild.rebuild)
for _command in (publishing_commands.publish, publishing_commands.withdraw, publishing_commands.list_photos):
    photos.add_command(_command)
