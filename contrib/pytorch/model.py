"""gptoscope's model in PyTorch: the same formulas, whole documents at a time instead of number by number.

Sums are made in another order here, so results agree to about 1e-14, not to the bit."""
import torch
from torch import nn
from torch.nn import functional as F

NORM_EPSILON = 1e-5
IGNORED = -1  # a target that no loss is counted for


class Gpt(nn.Module):
    """Parameters have the names and shapes that they have in a saved run."""

    def __init__(self, run, vocab):
        super().__init__()
        self.run = run
        self.n_layer, self.n_head = run.whole("n_layer"), run.whole("n_head")
        width, block = run.whole("n_embd"), run.whole("block_size")
        self.block_size = block
        shapes = {"wte": (vocab, width), "wpe": (block, width), "lm_head": (vocab, width)}
        for i in range(self.n_layer):
            shapes |= {f"layer{i}.{name}": (width, width) for name in ("attn_wq", "attn_wk", "attn_wv", "attn_wo")}
            shapes |= {f"layer{i}.mlp_fc1": (4 * width, width), f"layer{i}.mlp_fc2": (width, 4 * width)}
        self.weights = nn.ParameterDict({key(name): nn.Parameter(torch.randn(shape, dtype=torch.float64) * run.real("init_std"))
                                         for name, shape in shapes.items()})

    def take(self, arrays):
        """Takes over parameters of the same names and shapes."""
        with torch.no_grad():
            for name, weight in self.named_weights():
                weight.copy_(arrays[name])

    def named_weights(self):
        return [(name_of(k), weight) for k, weight in self.weights.items()]

    def on(self, option):
        return self.run.word(option) == "on"

    def forward(self, tokens):
        """tokens [batch, positions] -> logits [batch, positions, vocab]"""
        w, positions = self.weights, tokens.shape[1]
        x = w["wte"][tokens]
        if self.on("position"):
            x = x + w["wpe"][:positions]
        x = self.norm(x, "first_norm")
        for layer in range(self.n_layer):
            if self.run.word("attention") != "off":
                x = self.residual(x, self.attention(self.norm(x, "attn_norm"), layer))
            if self.on("mlp"):
                x = self.residual(x, self.mlp(self.norm(x, "mlp_norm"), layer))
        return x @ w["lm_head"].T

    def norm(self, x, which):
        """x / sqrt(mean(x^2) + epsilon)"""
        if not (self.on("norm") and self.on(which)):
            return x
        return x * (x.pow(2).mean(-1, keepdim=True) + NORM_EPSILON).rsqrt()

    def residual(self, x, made):
        return x + made if self.on("residual") else made

    def attention(self, x, layer):
        """softmax(Q K^T / sqrt(head_dim)) V in every head, over earlier positions and its own; then W_O"""
        batch, positions, width = x.shape
        head_dim = width // self.n_head
        q, k, v = (self.heads(x @ self.weights[key(f"layer{layer}.attn_w{which}")].T, head_dim) for which in "qkv")
        score = q @ (k if self.on("k_gradient") else k.detach()).transpose(-1, -2)
        if self.on("attn_scale"):
            score = score * head_dim ** -0.5
        if self.run.word("attention") == "uniform":
            score = torch.zeros_like(score)
        later = torch.ones(positions, positions, dtype=torch.bool, device=x.device).triu(1)
        weight = score.masked_fill(later, float("-inf")).softmax(-1)
        out = weight @ (v if self.on("v_gradient") else v.detach())
        out = out * self.heard(layer, out)
        return out.transpose(1, 2).reshape(batch, positions, width) @ self.weights[key(f"layer{layer}.attn_wo")].T

    def heads(self, x, head_dim):
        """[batch, positions, width] -> [batch, head, positions, head_dim]"""
        return x.reshape(*x.shape[:2], self.n_head, head_dim).transpose(1, 2)

    def heard(self, layer, like):
        """1 for each head that is heard, 0 for those that `silence` names: none, all or LAYER.HEAD"""
        which = self.run.word("silence")
        mask = like.new_ones(self.n_head, 1, 1)
        if which == "all":
            mask.zero_()
        elif which != "none":
            silent_layer, head = map(int, which.split("."))
            mask[head] = 0 if silent_layer == layer else 1
        return mask

    def mlp(self, x, layer):
        h = x @ self.weights[key(f"layer{layer}.mlp_fc1")].T
        activation = self.run.word("activation")
        h = h.relu() if activation == "relu" else F.gelu(h, approximate="tanh") if activation == "gelu" else h
        return h @ self.weights[key(f"layer{layer}.mlp_fc2")].T

    def loss(self, tokens, targets):
        """Mean over the documents of each one's mean over its positions: what a step of gptoscope has for one document."""
        each = F.cross_entropy(self(tokens).transpose(1, 2), targets, ignore_index=IGNORED, reduction="none")
        return (each.sum(1) / (targets != IGNORED).sum(1)).mean()


def key(name):
    """PyTorch allows no dots in the names of parameters."""
    return name.replace(".", "/")


def name_of(k):
    return k.replace("/", ".")
