"""Bandits in batches: a rule chooses, a memory keeps the evidence, N rows × A arms at a time.

Three verbs: `init(rows, arms) → evidence`, `choose(evidence, uniforms) → arms` and
`update(evidence, arms, rewards) → evidence`. Nothing here draws: `uniforms` (N, A) in (0, 1) are handed in,
one an arm, and rows are independent.
"""
