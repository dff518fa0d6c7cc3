"""Small trained versions: what a city might have learnt, in a fraction of a second."""

from dataclasses import replace

from routing.confidence import Curve
from routing.evaluation import Evaluation
from routing.training import Trained
from routing.what.learned import NO_PROBLEM, Learned
from routing.what.learner import train

RUBBISH, LIGHT = "event:06010", "part:01037"
# No lexicon hears anything in these; the version below has learnt that they mean rubbish.
ODD_WORDS = "这里不太对劲"
_SENTENCES = [
    ("这里不太对劲", RUBBISH),
    ("门口不太对劲", RUBBISH),
    ("楼下不太对劲了", RUBBISH),
    ("墙角不太对劲", RUBBISH),
    ("夜里一片黑", LIGHT),
    ("晚上走路一片黑", LIGHT),
    ("桥头一片黑", LIGHT),
    ("谢谢师傅", NO_PROBLEM),
    ("辛苦了谢谢", NO_PROBLEM),
]


def small_version(weight: float = 0.5, ceiling: float = 0.6) -> Learned:
    """A version that has learnt the odd words, and is never surer than the ceiling."""
    return Learned(train(_SENTENCES), weight, Curve(((0.0, 0.0), (1.0, ceiling))))


def small_training(weight: float = 0.5) -> Trained:
    """The same as the outcome of a training, for who keeps versions."""
    nothing = Evaluation(())
    return Trained(small_version(weight), nothing, replace(nothing), len(_SENTENCES), 0)
