"""照片命令 (`run.py photos …`): the photos that are kept, and what is made of them."""

import click


@click.group()
def photos() -> None:
    """Photos: prove that all are there, clear away what nobody knows, make pictures, publish."""
