"""The people, readable from top to bottom: what they show, see, choose and learn at each step.

Each of the two kinds lives through the same four moments of a step:

emit
    show the neighbours a few things about oneself;
gather
    see what the neighbours show;
decide
    now and then, reconsider what to do, weighing what one saw, and a bit of luck;
learn
    let what one saw change how one feels.

How much each thing weighs is in ``rules.py``, with its source. The compiled engine (``kernel.py``) runs the same
rules and gives the same people the same lives, only faster.
"""

from __future__ import annotations

import mesa

from sim import rules, streams
from sim.rules import BYSTAND, WITHDRAW, Response, Seen, Stance


class Person(mesa.Agent):
    """What both kinds of people have in common: neighbours, and luck of their own.

    Parameters
    ----------
    model : AllyshipModel
    number : int
        The person's place in the network; random numbers belong to it.
    """

    def __init__(self, model, number: int):
        super().__init__(model)
        self.number = number
        self.neighbours = ()
        self.n_advantaged = self.n_marginalized = 0  # neighbours of either group
        self.shown = None  # what the neighbours can see of this person now
        self.view = None  # what this person makes of what the neighbours show

    @property
    def numbers(self):
        """The numbers that this person is under at this step: the parameters, and what interventions make of them."""
        return self.model.numbers_of(self)

    def meet(self, neighbours: tuple[Person, ...]) -> None:
        """Get to know one's neighbours: at the start, and when an intervention changes ties."""
        self.neighbours = neighbours
        self.n_marginalized = sum(isinstance(other, MarginalizedPerson) for other in neighbours)
        self.n_advantaged = len(neighbours) - self.n_marginalized

    def look_around(self) -> Seen:
        """Add up what all neighbours show; zeros for someone without neighbours."""
        totals = map(sum, zip(*(other.shown for other in self.neighbours), strict=True))
        return Seen(*(totals if self.neighbours else (0,) * 9), self.n_advantaged, self.n_marginalized)

    def reconsiders(self) -> bool:
        """Tell whether this person thinks again at this step; most people, most of the time, go on as before."""
        luck = streams.coarse_uniform(self.number, self.model.now, streams.REVISE, *self.model.key)
        return luck < self.numbers.revise

    def luck(self) -> float:
        """Return this person's luck in choosing at this step, in [0, 1)."""
        return streams.uniform(self.number, self.model.now, streams.CHOICE, *self.model.key)


class AdvantagedPerson(Person):
    """Someone of the advantaged group, who may oppose, stand by, show token support or be an ally.

    Attributes
    ----------
    stance : Stance
        What this person shows in public.
    sympathy : float in [-1, 1]
        Private attitude towards the marginalized group.
    loyalty : float in [0, 1]
        Loyalty to the own group; it does not change.
    stigma : float in [0, 1]
        Felt stigma: how much the stigma of the marginalized group has rubbed off.
    betrayed : bool
        Whether this person has just stopped being an ally.
    """

    def __init__(self, model, number, *, stance=BYSTAND, sympathy=0.0, loyalty=0.5, stigma=0.0, betrayed=False):
        super().__init__(model, number)
        self.stance = Stance(stance)
        self.sympathy, self.loyalty, self.stigma = float(sympathy), float(loyalty), float(stigma)
        self.betrayed = bool(betrayed)

    def emit(self) -> None:
        """Show one's stance, a fresh betrayal, and what others read off it: stigma if supportive, loyalty if silent."""
        self.shown = rules.shown_by_advantaged(self.stance, self.betrayed, self.stigma, self.loyalty)

    def gather(self) -> None:
        """See support, opposition, pressure, contagious stigma and welcome around."""
        self.view = rules.advantaged_view(self.numbers, self.look_around(), self.model.told)

    def decide(self) -> None:
        """Perhaps reconsider: weigh opposition, a token act and allyship against silence, and choose."""
        before = self.stance
        if self.reconsiders():
            p = self.numbers
            oppose, token, ally = rules.stance_utilities(p, self.sympathy, self.loyalty, self.stigma, self.view)
            chosen = rules.choose_stance(p, oppose, token, ally, self.luck())
            self.stance = Stance(rules.scripted(p, chosen))
            self.model.note_stance(before, self.stance)
        self.betrayed = rules.is_betrayal(before, self.stance)

    def learn(self) -> None:
        """Let stigma rub off or fade, and sympathy follow welcoming contact and one's own acts."""
        p = self.numbers
        self.stigma = rules.next_stigma(p, self.stigma, self.stance, self.view)
        self.sympathy = rules.next_sympathy(p, self.sympathy, self.stance, self.view)


class MarginalizedPerson(Person):
    """Someone of the marginalized group, who may welcome allies, withdraw, or keep allies out.

    Attributes
    ----------
    response : Response
        How this person responds to allies now.
    trust : float in [0, 1]
        Trust in allies.
    """

    def __init__(self, model, number, *, response=WITHDRAW, trust=0.5):
        super().__init__(model, number)
        self.response = Response(response)
        self.trust = float(trust)

    def emit(self) -> None:
        """Show one's response and how far one trusts allies."""
        self.shown = rules.shown_by_marginalized(self.response, self.trust)

    def gather(self) -> None:
        """See credible support, betrayal, opposition and token acts, and how others of the own group respond."""
        self.view = rules.marginalized_view(self.numbers, self.look_around())

    def decide(self) -> None:
        """Perhaps reconsider: weigh keeping allies out, withdrawing and welcoming, and choose."""
        if self.reconsiders():
            p, before = self.numbers, self.response
            gatekeep, withdraw, welcome = rules.response_utilities(p, self.trust, self.view)
            chosen = rules.choose_response(p, gatekeep, withdraw, welcome, self.luck())
            self.response = Response(rules.scripted(p, chosen))
            self.model.note_response(before, self.response)

    def learn(self) -> None:
        """Let trust grow with credible support and shrink with betrayal, opposition and token acts."""
        self.trust = rules.next_trust(self.numbers, self.trust, self.view)
