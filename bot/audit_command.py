"""对账命令 (`run.py audit`): nothing lost, nothing silent, and a journal that says what it said."""

import sys

import click

from bot.installation import installed, utc_now
from models.journal import Chain, verify
from reminders.audit import audit as run_audit


@click.command()
@click.option("--head", default="", help="A digest noted earlier (it stands on every 日报) that must still be there.")
def audit(head: str) -> None:
    """Prove that nothing was lost, nothing is silent and nobody changed the journal; exits 1 where something was."""
    with installed().database.glance() as session:
        findings = run_audit(session, utc_now())
        chain = verify(session, head)
    for finding in findings:
        click.echo(f"{finding.what}: {finding.row}: {finding.words}")
    _tell(chain, head)
    click.echo(f"{len(findings)} findings")
    sys.exit(1 if findings or chain.broken or chain.has_head is False else 0)


def _tell(chain: Chain, head: str) -> None:
    for entry in chain.broken:
        click.echo(f"journal_broken: journal {entry}: it says something else, or does not follow the one before")
    if chain.has_head is False:
        click.echo(f"journal_cut: {head} is not in the journal: it, or all that followed it, is gone")
    click.echo(f"journal: {chain.entries} entries, {len(chain.broken)} broken, head {chain.head}")
