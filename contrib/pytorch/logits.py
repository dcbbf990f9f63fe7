#!/usr/bin/env python3
"""Logits of a text by a saved run, a position a line:   logits.py RUN.safetensors TEXT

The same numbers come from   gptoscope eval --load RUN.safetensors ...   ; tests/pytorch.sh holds one against the other."""
import sys

import torch

from model import Gpt
from saved_run import SavedRun


def load(path):
    run = SavedRun.read(path)
    model = Gpt(run, len(run.texts["characters"]) + 1)
    model.take(run.arrays)
    return run, model


def main(path, text):
    run, model = load(path)
    token = {c: i for i, c in enumerate(run.texts["characters"])}
    tokens = [len(token)] + [token[c] for c in text]
    with torch.no_grad():
        for row in model(torch.tensor([tokens[:model.block_size]]))[0].tolist():
            print(" ".join(f"{x:.17g}" for x in row))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    try:
        main(*sys.argv[1:])
    except (OSError, ValueError, KeyError) as error:
        sys.exit(f"logits.py: {error}")
