"""岗位: the traffic posts' own names in a text; crossings of their roads are found with the roads."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from routing.points import Post
from routing.scan import Scanner, normalise
from routing.where.evidence import Kind, Mention


@dataclass(frozen=True)
class Posts:
    """岗位表: posts by their names and aliases."""

    forms: Mapping[str, Post]
    scanner: Scanner = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the names once."""
        object.__setattr__(self, "scanner", Scanner(self.forms))

    def mentions(self, text: str) -> Iterator[Mention]:
        """Where a normalised text names a post."""
        for hit in self.scanner.hits(text):
            post = self.forms[hit.word]
            yield Mention(hit.start, hit.end, Kind.POST, hit.word, post.name, (post.unit,))


def index_posts(posts: Iterable[Post]) -> Posts:
    """The posts by their names, which the pack has found to stand for one post each."""
    return Posts({normalise(name): post for post in posts for name in (post.name, *post.aliases)})
