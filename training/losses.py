"""What the network is wrong by: from labels, and from a teacher's beliefs. Every head's loss is a mean over what is asked of it.

Nothing here depends on what a batch holds but in its numbers, so that one recording of a step serves all batches of a shape.
"""

from collections.abc import Mapping

import torch
from torch import Tensor
from torch.nn import functional as F

from training.batches import Batch
from training.beliefs import CLASSES, POINTERS
from training.corpora import IGNORE
from training.network import CHAINS, LINEAR, Network

WEIGHTS = {
    "segment": 0.5,
    "upos": 0.7,
    "feats": 0.4,
    "lemma": 0.4,
    "mentions": 0.4,
    "arcs": 1.0,
    "relation": 0.7,
    "roles": 2.0,
    "names": 0.8,
    "links": 0.5,
    "coref": 0.7,
    "acts": 0.5,
    "stance": 1.0,
    "wording": 0.7,
    "slanted": 0.5,
}
LEAST = 0.5
"""Of the teacher's belief, what must lie within the window for it to be taught."""
NEVER = -1e4


def losses(network: Network, batch: Batch, allowed: Tensor) -> dict[str, Tensor]:
    """The loss of every head, 0 where a batch has no labels for it; with a teacher's beliefs in it also `taught_` and the head's name.

    `allowed` (labels, acts) says which acts a label leaves open. `token` is a cross-entropy over single atoms' attribution roles.
    """
    outputs = network(*(batch[k] for k in ("ids", "case", "gap", "mask", "first")))
    tags, arcs, dependent, governor, links, coref = (x.float() for x in outputs)
    scores = dict(zip(network.sizes, tags.split(list(network.sizes.values()), -1), strict=True))
    real = batch["atoms"]
    out = {key: classes(scores[key], batch[key]) for key in (*LINEAR, "stance", "wording", "slanted")}
    for key in CHAINS:
        asked = real & (batch[key] != IGNORE).any(1, keepdim=True)
        out[key] = network.chains[key].loss(scores[key], batch[key], real, asked)
    out["token"] = classes(scores["roles"], batch["roles"])
    masked = within(arcs, batch["sentence"], batch["upos"] != IGNORE)
    target = torch.where(batch["head"] == IGNORE, IGNORE, batch["head"] + 1)
    out["arcs"] = classes(masked, target)
    relation = network.relations(dependent, governor, target.clamp_min(0)[..., None]).float()
    out["relation"] = classes(relation, torch.where(target == IGNORE, IGNORE, batch["relation"]))
    pointed = links.masked_fill(~real[:, None, :], NEVER)
    out["links"] = classes(pointed, batch["link"])
    out["acts"] = open_loss(scores["acts"], batch["acts"], allowed)
    out["coref"] = coreference_loss(coref, batch["cluster"])
    if "soft_sentence" in batch:
        out |= taught_losses(network, scores, (arcs, dependent, governor, pointed, coref), batch)
    return out


def classes(scores: Tensor, labels: Tensor) -> Tensor:
    """Mean cross-entropy over the atoms that have a label."""
    total = F.cross_entropy(scores.flatten(0, 1), labels.flatten(), ignore_index=IGNORE, reduction="sum")
    return total / (labels != IGNORE).sum().clamp_min(1)


def within(arcs: Tensor, sentence: Tensor, words: Tensor) -> Tensor:
    """Scores of heads (B, A, A + 1), with next to nothing for those that are not the root or a word of the same sentence."""
    same = (sentence[:, :, None] == sentence[:, None, :]) & words[:, None, :]
    return arcs.masked_fill(~torch.cat([torch.ones_like(same[:, :, :1]), same], 2), NEVER)


def taught_losses(network: Network, scores: Mapping[str, Tensor], rest: tuple[Tensor, ...], batch: Batch) -> dict[str, Tensor]:
    """How far the student's beliefs are from the teacher's, by head: cross-entropies, per atom of which the teacher was asked."""
    arcs, dependent, governor, links, coref = rest
    real, sentence, nouns = batch["atoms"], batch["soft_sentence"], batch["soft_nouns"]
    out = {}
    for key in CHAINS:
        asked = real & (batch[f"soft_{key}"][:, :1].sum(-1) > 0)
        out[key] = network.chains[key].taught(scores[key], batch[f"soft_{key}"].float(), real, asked)
    earlier = torch.tril(torch.ones_like(real[0]).expand(real.shape[1], -1), -1) & nouns[:, None, :]
    above = (batch["soft_arcs_at"][..., :1] + 1).clamp_min(0)
    known = {key: scores[key] for key in CLASSES if key != "relation"} | {
        "arcs": within(arcs, sentence, sentence >= 0),
        "relation": network.relations(dependent, governor, above).float(),
        "links": F.pad(links, (1, 0), value=NEVER),
        "coref": coref.masked_fill(~F.pad(earlier, (1, 0), value=True), NEVER),
    }
    for key, values in known.items():
        belief, at = batch[f"soft_{key}"].float(), batch[f"soft_{key}_at"] + (key in POINTERS)
        if key == "relation":
            belief = belief * (batch["soft_arcs"][..., :1] > 0)
        total = belief.sum(-1)
        asked = total > LEAST
        found = -(belief * F.log_softmax(values, -1).gather(-1, at.clamp(0, values.shape[-1] - 1))).sum(-1)
        out[key] = torch.where(asked, found / total.clamp_min(LEAST), 0.0).sum() / asked.sum().clamp_min(1)
    return {f"taught_{key}": value for key, value in out.items()}


def open_loss(scores: Tensor, labels: Tensor, allowed: Tensor) -> Tensor:
    """Negative log of the probability of all acts that a label leaves open."""
    known = labels != IGNORE
    likely = F.log_softmax(scores, -1).masked_fill(~allowed[labels.clamp_min(0)], NEVER)
    return -(torch.logsumexp(likely, -1) * known).sum() / known.sum().clamp_min(1)


def coreference_loss(scores: Tensor, cluster: Tensor) -> Tensor:
    """Negative log of the probability of all true antecedents in the window, or of none where there is none (Lee et al. 2017).

    `scores` (B, A, A + 1), column 0 for none; `cluster` (B, A): the entity of a mention's head, 0 for a noun that heads no mention,
    IGNORE for the rest.
    """
    candidate = cluster != IGNORE
    earlier = torch.tril(torch.ones_like(candidate[0]).expand(cluster.shape[1], -1), -1)
    possible = candidate[:, :, None] & candidate[:, None, :] & earlier
    true = possible & (cluster[:, :, None] == cluster[:, None, :]) & (cluster > 0)[:, :, None]
    none = ~true.any(2, keepdim=True)
    every = torch.cat([torch.ones_like(none), possible], 2)
    right = torch.cat([none, true], 2)
    whole = torch.logsumexp(scores.masked_fill(~every, NEVER), 2)
    part = torch.logsumexp(scores.masked_fill(~right, NEVER), 2)
    return ((whole - part) * candidate).sum() / candidate.sum().clamp_min(1)
