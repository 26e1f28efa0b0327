"""The paper version of the model, as printed in paper.md: its tables, its board, and what comes of it when played.

``python docs/teach/paper_game.py`` prints the tables, plays every game 1,000 times and draws the board (board.svg).
The tests check that paper.md prints the same. A teaching toy: nothing in `sim` depends on it.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from sim import streams

ALLY, SILENT, OPPOSED = "ally", "silent", "opposed"
N_A, N_B, ROUNDS, N_PLAYS = 8, 4, 4, 1000
CARDS = ((2, 1), (1, 1), (1, 2), (0, 1), (0, 2), (0, 2), (-1, 1), (-1, 2))  # sympathy, loyalty
A_TIES = [[(i + step) % N_A for step in (-2, -1, 1, 2)] for i in range(N_A)]
B_TIES = [[(2 * j + step) % N_A for step in range(4)] for j in range(N_B)]
B_AROUND = [[j for j in range(N_B) if i in B_TIES[j]] for i in range(N_A)]
FIRST_TRUST, MOST_TRUST = 3, 6
EFFORT = 1


@dataclass(frozen=True)
class Game:
    """A game: how many begin as allies, how many of them never give up, what standing up costs, and the shield rule."""

    name: str
    allies: int
    committed: int = 0
    stigma: int = 2
    shield: bool = True


GAMES = (
    *(Game(f"1. {n} who never give up", n, n, shield=False) for n in range(4)),
    *(Game(f"2. shield rule {word}", 4, shield=word == "on") for word in ("off", "on")),
    *(Game(f"3. stigma {cost}", N_A, stigma=cost) for cost in (1, 2, 3, 4)),
    *(Game(f"4. stigma {cost}", N_A, stigma=cost) for cost in (0, 1)),
)


def least_roll(score: int) -> int:
    """Return the least roll with which a score is acted on: the model's logit, rounded to sixths (7: never)."""
    return 7 - round(6 / (1 + math.exp(-max(-3, min(3, score)))))


def response(trust: int, n_opposed: int) -> int:
    """Return what somebody in Group B does: +1 welcomes, 0 waits or has withdrawn, -1 keeps out."""
    if n_opposed >= 3 or trust == FIRST_TRUST:
        return 0
    return 1 if trust > FIRST_TRUST else -1


class Table:
    """One table at play: eight person cards on the board, chips on them, four trust dice."""

    def __init__(self, game: Game, seed: int):
        self.game, self.seed = game, seed
        self.cards = [CARDS[card] for card in streams.permutation(seed, streams.LOYALTY, N_A)]
        first = streams.permutation(seed, streams.FIRST_STANCE, N_A)[: game.allies].tolist()
        self.committed = set(first[: game.committed])
        self.stance = [ALLY if i in first else SILENT for i in range(N_A)]
        self.trust = [FIRST_TRUST] * N_B

    def count(self, people, stance: str) -> int:
        """Return how many of these people show a stance."""
        return sum(self.stance[i] == stance for i in people)

    def responses(self) -> list[int]:
        """Return what everybody in Group B does."""
        return [response(trust, self.count(ties, OPPOSED)) for trust, ties in zip(self.trust, B_TIES, strict=True)]

    def scores(self, i: int) -> tuple[int, int]:
        """Return the scores of standing up and of opposing."""
        sympathy, loyalty = self.cards[i]
        allies, silent, opposed = (self.count(A_TIES[i], stance) for stance in (ALLY, SILENT, OPPOSED))
        norm = loyalty * (allies - opposed)
        punishment = opposed + silent // 2
        if self.game.shield:
            punishment = max(0, punishment - allies)
        welcome = sum(self.responses()[j] for j in B_AROUND[i])
        return sympathy + norm + welcome - punishment - self.game.stigma - EFFORT, -sympathy - norm - EFFORT

    def decide(self, i: int, roll: int) -> None:
        """Let one person of Group A decide: the larger score against silence."""
        ally, oppose = self.scores(i)
        act, score = (ALLY, ally) if ally >= oppose else (OPPOSED, oppose)
        self.stance[i] = act if roll >= least_roll(score) else SILENT

    def learn(self, before: list[str]) -> None:
        """Let Group B learn from what Group A did in this round."""
        for j, people in enumerate(B_TIES):
            credible = self.game.stigma > 0 and self.count(people, ALLY) >= 2
            lost = sum(before[i] == ALLY != self.stance[i] for i in people)
            hostile = self.count(people, OPPOSED) >= 2
            self.trust[j] = max(0, min(MOST_TRUST, self.trust[j] + credible - lost - hostile))

    def play(self) -> Table:
        """Play all rounds."""
        for step in range(1, ROUNDS + 1):
            before = list(self.stance)
            rolls = streams.uniforms(self.seed, streams.CHOICE, N_A, step=step) * 6 + 1
            for i in streams.permutation(self.seed, streams.ORDER, N_A, step=step).tolist():
                if i not in self.committed:
                    self.decide(i, int(rolls[i]))
            self.learn(before)
        return self

    def end(self) -> str:
        """Return what more than half of Group A show, if anything."""
        return next((stance for stance in (ALLY, SILENT, OPPOSED) if 2 * self.count(range(N_A), stance) > N_A), "mixed")


def percent(part: float, whole: float) -> str:
    """Return a share as it is printed."""
    return f"{100 * part / whole:.0f} %"


def outcome_row(game: Game) -> list[str]:
    """Return what comes of a game over many plays, as a row of the printed table."""
    tables = [Table(game, seed).play() for seed in range(N_PLAYS)]
    ends = Counter(table.end() for table in tables)
    responses = Counter(one for table in tables for one in table.responses())
    return [game.name, *(percent(ends[end], N_PLAYS) for end in (ALLY, SILENT, OPPOSED, "mixed")),
            *(percent(responses[one], N_PLAYS * N_B) for one in (1, 0, -1))]  # fmt: skip


def rows(lines) -> list[str]:
    """Return rows of a Markdown table."""
    return ["| " + " | ".join(map(str, line)) + " |" for line in lines]


def signed(number: int) -> str:
    """Return a whole number with its sign as it is printed."""
    return f"{number:+d}".replace("-", "−") if number else "0"


def roll_table() -> list[str]:
    """Return which roll is needed for which score."""
    needed = {7: "never", 1: "always"}
    told = {-3: "−3 or less", 3: "3 or more"}
    return rows((told.get(score, signed(score).replace("+", "")),
                 needed.get(least_roll(score), f"{least_roll(score)} or more")) for score in range(-3, 4))  # fmt: skip


def card_table() -> list[str]:
    """Return the person cards."""
    return rows((n + 1, signed(sympathy), loyalty) for n, (sympathy, loyalty) in enumerate(CARDS))


def tie_table() -> list[str]:
    """Return who knows whom."""
    a_names = [", ".join(f"A{k + 1}" for k in sorted(ties)) for ties in A_TIES]
    b_names = [", ".join(f"B{j + 1}" for j in around) for around in B_AROUND]
    return rows((f"A{i + 1}", a_names[i], b_names[i]) for i in range(N_A))


def outcome_table() -> list[str]:
    """Return what comes of all games."""
    return rows(map(outcome_row, GAMES))


def place(k: float, radius: float) -> tuple[int, int]:
    """Return where somebody stands on the board."""
    angle = 2 * math.pi * k / N_A - math.pi / 2
    return round(500 + radius * math.cos(angle)), round(480 + radius * math.sin(angle))


def board_svg() -> str:
    """Return the board: Group A around, Group B in rings inside, a place for a card or a chip on everybody."""
    a_places = [place(i, 400) for i in range(N_A)]
    b_places = [place(2 * j + 1.5, 165) for j in range(N_B)]
    ties = [(a_places[i], a_places[k], "") for i in range(N_A) for k in A_TIES[i] if i < k]
    ties += [(b_places[j], a_places[i], ' stroke-dasharray="9 7"') for j in range(N_B) for i in B_TIES[j]]
    lines = [f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="#888" stroke-width="3"{dash}/>'
             for (x1, y1), (x2, y2), dash in ties]  # fmt: skip
    circle = '<circle cx="{0}" cy="{1}" r="{2}" fill="#fff" stroke="#222" stroke-width="{3}"/>'
    told = '<text x="{0}" y="{1}" text-anchor="middle">{2}{3}</text>'
    for letter, places, radius in (("A", a_places, 58), ("B", b_places, 52)):
        for n, (x, y) in enumerate(places):
            lines += [circle.format(x, y, radius, 4), told.format(x, y + 12, letter, n + 1)]
            lines += [circle.format(x, y, radius - 9, 2).replace("#fff", "none")] * (letter == "B")
    font = 'font-family="Helvetica, Arial, sans-serif" font-size="34"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 960" {font}>'
    return "\n".join([head, *lines, "</svg>", ""])


if __name__ == "__main__":
    print("\n".join(roll_table() + card_table() + tie_table() + outcome_table()))
    Path(__file__).with_name("board.svg").write_text(board_svg(), encoding="utf-8")
