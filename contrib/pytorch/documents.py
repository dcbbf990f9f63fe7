"""Documents as tokens, in gptoscope's order of training."""
import random

import torch

from model import IGNORED

# What Python's str.strip takes away at both ends is what gptoscope takes away.


class Documents:
    """characters: the alphabet of the saved run; after the last of them comes BOS."""

    def __init__(self, path, characters, seed):
        with open(path, encoding="utf-8", newline="\n") as file:
            self.documents = [line.strip() for line in file if line.strip()]
        self.token = {c: i for i, c in enumerate(characters)}
        self.bos = len(characters)
        unknown = sorted({c for d in self.documents for c in d} - set(characters))
        if unknown:
            raise ValueError(f"{path}: {unknown[0]!r} is not in the saved run's alphabet")
        random.seed(seed)
        random.shuffle(self.documents)

    def __len__(self):
        return len(self.documents)

    def tokens(self, text):
        return [self.bos] + [self.token[c] for c in text] + [self.bos]

    def batch(self, first, count, block_size):
        """Documents first ... first + count - 1 of the order: tokens and targets, [count, longest]."""
        rows = [self.tokens(self.documents[(first + i) % len(self)])[:block_size + 1] for i in range(count)]
        longest = max(len(row) for row in rows) - 1
        tokens = torch.full((count, longest), self.bos)
        targets = torch.full((count, longest), IGNORED)
        for i, row in enumerate(rows):
            tokens[i, :len(row) - 1] = torch.tensor(row[:-1])
            targets[i, :len(row) - 1] = torch.tensor(row[1:])
        return tokens, targets
