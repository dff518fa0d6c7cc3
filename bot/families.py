"""账号类别: of what kind each account of the settings is, for those who show how people can be reached."""

from bot.settings import Settings
from handlers.reachability import Family


def families(settings: Settings) -> dict[str, Family]:
    """By the account key that identities carry. Who speaks in a company's group is known by that company's app."""
    groups = {bot.wecom or bot.key: Family.GROUP for bot in settings.groups}
    work = {app.key: Family.WORK for app in settings.wecom}
    return groups | work | {account.key: Family.OFFICIAL for account in settings.accounts}
