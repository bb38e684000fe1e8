"""The prices of a crowd: of its total, and of every group whose limit binds.

As `meet` and `relax` do it for a tile, but with few passes over the campaigns: the first price comes from
some of them, two passes over all then bring Newton's method, with what it learns of the curvature, within
1e-9 of it. Prices move nothing that a straight piece bought any more once they are that close; the leaves
take up what is missing, and its square is what the plan can lose by it.
"""

import math
from typing import NamedTuple

import numpy as np

from aicmo.core.kernels.arrange import Problem
from aicmo.core.kernels.crowd import BLOCK, COUNT, FROM, Crowd
from aicmo.core.kernels.flood import SLOPE, WORK_ROWS, X, answer, total
from aicmo.core.kernels.jit import inner, part
from aicmo.core.kernels.tile import PARTIAL
from aicmo.core.kernels.types import Floats, Ints

LOWER, UPPER, FLOOR, LIVE, SUPPLY, FLOW, GOAL, MU, USED, MISSING, GIVEN, END, RATE, AHEAD = range(14)
NODE_ROWS = 14
SPENT, BROUGHT, GIVES, SHIFT = range(4)
BLOCK_ROWS = 4
TURNS = 60
NEAR, CLOSE = 1e-8, 1e-4  # of the goal; in ln λ, from where the next step errs by its cube
ROUGH = 3e-3  # what a sample can tell
GRAIN = 1e-5  # what straight pieces may leave to the leaves at once
COARSE, PIECE = 1e-2, 0.1  # and where prices this much nearer to each other miss as much: a piece lies there
SAME, SLACK = 4e-15, 1e-13
FEW, EIGHTH = 32, 8
LOOSE = 1e-2  # in w, while prices are searched


class Basin(NamedTuple):
    """What a search works in.

    Attributes
    ----------
    node : (NODE_ROWS, M)
        Limits, reach, supply, goal, price and use of each node.
    owner : (M,)
        The node whose price each node has.
    block : (BLOCK_ROWS, NB)
        Spend, response, slope and shift of ln λ of each block in the plan.
    root : (C,)
        w of Hill curves at the last price.
    work, partial : (WORK_ROWS, BLOCK), (8,)
        Room to work in.
    sample : (2,)
        Every which block is asked, and of how many of its campaigns one is.
    room : float
        Money above all lower bounds.
    """

    node: Floats
    owner: Ints
    block: Floats
    root: Floats
    work: Floats
    partial: Floats
    sample: Ints
    room: float


@part
def make_basin(problem: Problem, r: int, crowd: Crowd, root: Floats) -> Basin:
    """Limits and reach of every node, and the room."""
    nodes, scale = problem.parent.size, math.ldexp(1.0, -crowd.units[0])
    node, q = np.zeros((NODE_ROWS, nodes)), r if problem.node_lower.shape[0] > 1 else 0
    for m in range(nodes):
        node[LOWER, m], node[UPPER, m] = problem.node_lower[q, m] * scale, problem.node_upper[q, m] * scale
        node[FLOOR, m] += crowd.span[0, m]
        node[LIVE, m] += crowd.span[1, m]
        if m < nodes - 1:
            up = problem.parent[m]
            node[FLOOR, up] += max(node[FLOOR, m], node[LOWER, m])
            node[LIVE, up] += min(node[LIVE, m], node[UPPER, m])
    room = max(problem.budget[r] * scale - crowd.span[0].sum(), 0.0)
    for i in range(root.size):
        root[i] = math.nan
    blocks = np.zeros((BLOCK_ROWS, crowd.block.shape[0]))
    work, partial = np.zeros((WORK_ROWS, BLOCK)), np.zeros(PARTIAL)
    return Basin(
        node, np.zeros(nodes, dtype=np.int64), blocks, root, work, partial, np.ones(2, dtype=np.int64), room
    )


@inner
def supply(problem: Problem, crowd: Crowd, basin: Basin, g: int, mu: float) -> None:
    """Fill SUPPLY and FLOW of node `g` and all below it at a log-price.

    From the blocks and the first of their campaigns that are in the sample.
    """
    node, stride, share = basin.node, basin.sample[0], basin.sample[1]
    for m in range(problem.head[g], g + 1):
        demand, flow, seen, there = 0.0, 0.0, 0, 0
        for b in range(crowd.reach[m], crowd.reach[m + 1]):
            count = crowd.block[b, COUNT]
            there += count
            if b % stride == 0:
                n, at = (count + share - 1) // share, crowd.block[b, FROM]
                answer(crowd, b, n, mu, basin.room, LOOSE, basin.root[at : at + n], basin.work)
                demand += total(basin.work[X], n, basin.partial) * (count / n)
                flow += total(basin.work[SLOPE], n, basin.partial) * (count / n)
                seen += count
        node[SUPPLY, m] = demand * (there / seen) if seen else 0.0
        node[FLOW, m] = flow * (there / seen) if seen else 0.0
    for m in range(problem.head[g], g):
        up, low, high = problem.parent[m], node[LOWER, m], node[UPPER, m]
        node[SUPPLY, up] += min(max(node[SUPPLY, m], low), high)
        node[FLOW, up] += node[FLOW, m] if low < node[SUPPLY, m] < high else 0.0


@inner
def first_price(problem: Problem, crowd: Crowd, basin: Basin, g: int) -> float:
    """Price at which some of the campaigns of node `g`, more and more of them, meet its goal."""
    blocks = crowd.reach[g + 1] - crowd.reach[problem.head[g]]
    basin.sample[0], basin.sample[1] = max(1, blocks // FEW), EIGHTH
    mu = search(problem, crowd, basin, g, 0.0)
    basin.sample[0] = 1
    mu = search(problem, crowd, basin, g, mu) if not math.isnan(mu) else 0.0
    basin.sample[1] = 1
    return mu


@inner
def is_lumpy(problem: Problem, crowd: Crowd, g: int) -> bool:
    """Whether anything below node `g` is bought by the piece, so that leaves do not tell how supply moves."""
    lumpy = False
    for m in range(problem.head[g], g + 1):
        lumpy = lumpy or crowd.span[3, m] > 0.0
    return lumpy


@inner
def search(problem: Problem, crowd: Crowd, basin: Basin, g: int, mu: float) -> float:
    """Log-price at which node `g` meets its goal, NaN where none is found.

    Newton on ln(S − floor), its rate from the leaves, with what two of them tell of its change, or by the
    secant where pieces are bought. From a sample, and over all campaigns without groups or pieces, the price
    returned is one step beyond the last one tried; else AHEAD keeps the step that is left to the leaves.
    """
    node, cheap, dear, stretch = basin.node, -math.inf, math.inf, 1.0
    goal, whole, lumpy = node[GOAL, g], basin.sample[0] * basin.sample[1] == 1, is_lumpy(problem, crowd, g)
    near, before, height = (GRAIN if lumpy else NEAR) if whole else ROUGH, math.nan, math.nan
    best, best_at, settled = math.inf, mu, False
    for turn in range(TURNS):
        supply(problem, crowd, basin, g, mu)
        excess, flow = node[SUPPLY, g] - goal, node[FLOW, g]
        node[AHEAD, g] = excess / -flow if flow < 0.0 else math.nan
        if settled or abs(excess) <= near * min(goal, -flow):
            return mu if whole else mu + float(node[AHEAD, g])
        if dear - cheap < PIECE * abs(node[AHEAD, g]) and abs(excess) <= COARSE * min(goal, -flow):
            settled = True
            if abs(excess) <= best:
                return mu
            mu = best_at
            continue
        best, best_at = (abs(excess), mu) if abs(excess) < best else (best, best_at)
        cheap, dear = (mu, dear) if excess > 0.0 else (cheap, mu)
        has, wants, rate = node[SUPPLY, g] - node[FLOOR, g], goal - node[FLOOR, g], node[RATE, g]
        now, h = flow / has if has > 0.0 else math.nan, math.log(has / wants) if has > 0.0 else math.nan
        node[RATE, g] = (h - height) / (mu - before) if lumpy and not math.isnan(height) else now
        if lumpy and turn == 0 and rate < 0.0:
            node[RATE, g] = rate
        step = -h / node[RATE, g]
        if not lumpy and abs(before - mu) < 0.1:
            step -= 0.5 * (now - rate) / (mu - before) / now * step * step
        to = float(mu + step)
        if not cheap < to < dear or (turn > 8 and turn % 2):
            stretch *= 2.0
            to = 0.5 * (cheap + dear) if dear - cheap < math.inf else mu + math.copysign(stretch, excess)
        elif whole and not lumpy and abs(step) <= CLOSE and problem.parent.size == 1:
            node[AHEAD, g] = 0.0
            return to
        if not cheap < to < dear:
            return math.nan
        before, height, mu = mu, h, to
    return math.nan


@inner
def price_all(problem: Problem, crowd: Crowd, basin: Basin, guess: float) -> bool:
    """Find the price of the total, then of every node whose limit its parent's price would break.

    False where a goal lies at the end of what can be spent, or no price was found.
    """
    node, root = basin.node, problem.parent.size - 1
    for g in range(root, -1, -1):
        up = problem.parent[g]
        if g < root:
            low, high, asked = node[LOWER, g], node[UPPER, g], node[SUPPLY, g]
            node[GOAL, g], node[MU, g], basin.owner[g] = math.nan, node[MU, up], basin.owner[up]
            if not (asked > high + SLACK * abs(high) or asked < low - SLACK * abs(low)):
                continue
            node[GOAL, g] = high if asked > high else low
        goal = node[GOAL, g]
        if not node[FLOOR, g] * (1.0 + SAME) < goal < node[LIVE, g] * (1.0 - SAME):
            return False
        start = (
            (guess if abs(guess) < math.inf else first_price(problem, crowd, basin, g))
            if g == root
            else node[MU, up]
        )
        node[MU, g], basin.owner[g] = search(problem, crowd, basin, g, start), g
        if math.isnan(node[MU, g]):
            return False
    return True
