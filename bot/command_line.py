"""命令行: what several commands of run.py have in common."""

from datetime import timedelta
from typing import Any

import click

from bot.setting_values import duration


class Span(click.ParamType[timedelta]):
    """A duration as config.yaml writes them."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """Fails with what is wrong with the value."""
        try:
            return duration(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)
