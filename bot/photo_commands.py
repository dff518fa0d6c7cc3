"""照片命令 (`run.py photos …`): the photos that are kept, and what is made of them."""

import click

from bot import picture_commands, storage_commands


@click.group()
def photos() -> None:
    """Photos: prove that all are there, clear away what nobody knows, make pictures, publish."""


for _command in (storage_commands.verify, storage_commands.sweep, storage_commands.erase):
    photos.add_command(_command)
for _command in (picture_commands.compare, picture_commands.card, picture_commands.sheet):
    photos.add_command(_command)
