#!/usr/bin/env python3
"""Goes on training a saved run of gptoscope with PyTorch.

    train.py RUN.safetensors --data names.txt                          to the end of the run, one document a step
    train.py RUN.safetensors --data names.txt --batch 32 --save B.safetensors
    torchrun --nproc_per_node 4 train.py RUN.safetensors --data names.txt --batch 32      32 documents on each of 4 processes
    train.py RUN.safetensors --data names.txt --grow n_layer=4 n_embd=128 n_head=8        a larger model, from fresh parameters

With one document a step and one process the losses are those of gptoscope going on, to about 1e-12: the same documents, the
same Adam, the same learning rate. What is saved can be opened again:   gptoscope explore --load B.safetensors"""
import argparse
import math
import os

import torch
import torch.distributed as dist

from documents import Documents
from model import Gpt
from saved_run import SavedRun


def rate(run, step):
    """The learning rate of a step (0-based): schedule linear, constant, cosine or warmup."""
    lr, steps, rising = run.real("lr"), run.whole("steps"), run.whole("warmup_steps")
    schedule = run.word("schedule")
    if schedule == "constant":
        return lr
    if schedule == "cosine":
        return lr * 0.5 * (1 + math.cos(math.pi * step / steps))
    if schedule == "warmup":
        return lr * (step + 1) / rising if step < rising or steps <= rising else lr * (steps - step) / (steps - rising)
    return lr * (1 - step / steps)


def make_optimizer(run, model):
    kind = run.word("optimizer")
    if kind == "adam" and run.word("bias_correction") == "on":
        return torch.optim.Adam(model.parameters(), run.real("lr"), (run.real("beta1"), run.real("beta2")), run.real("eps"))
    if kind in ("sgd", "momentum"):
        return torch.optim.SGD(model.parameters(), run.real("lr"), momentum=run.real("beta1") if kind == "momentum" else 0)
    raise ValueError("torch.optim has no Adam without bias correction")


def take_state(run, model, optimizer, step):
    """The optimiser goes on with the running means of the saved run."""
    for name, weight in model.named_weights():
        m, v = run.arrays[f"adam.m.{name}"].clone(), run.arrays[f"adam.v.{name}"].clone()
        if isinstance(optimizer, torch.optim.Adam):
            optimizer.state[weight] = {"step": torch.tensor(float(step)), "exp_avg": m, "exp_avg_sq": v}
        elif run.word("optimizer") == "momentum" and step > 0:
            optimizer.state[weight] = {"momentum_buffer": m}


def save(run, model, optimizer, step, losses, path):
    """Only what has changed is replaced; the random numbers for writing go on where they were."""
    run.texts["step"] = str(step)
    for name, weight in model.named_weights():
        state = optimizer.state.get(weight, {})
        run.arrays[name] = weight
        for mean, kept in (("m", state.get("exp_avg", state.get("momentum_buffer"))), ("v", state.get("exp_avg_sq"))):
            run.arrays[f"adam.{mean}.{name}"] = torch.zeros_like(weight) if kept is None else kept
    run.arrays["history.loss"] = torch.cat([run.arrays["history.loss"][:step - len(losses)], torch.tensor(losses, dtype=torch.float64)])
    run.write(path)


def grow(run, changes):
    """Other settings, fresh parameters: a run that begins anew on the same alphabet."""
    for change in changes:
        name, _, value = change.partition("=")
        if name not in run.texts or not value:
            raise ValueError(f"--grow {change}: no such setting")
        run.texts[name] = value
    run.texts.update(step="0", session="")
    run.arrays = {"history.loss": torch.zeros(0, dtype=torch.float64)}


def train(run, model, optimizer, documents, batch, last):
    """Steps until `last` are done. Each process takes documents of its own; their gradients are averaged."""
    ranks, rank = int(os.environ.get("WORLD_SIZE", 1)), int(os.environ.get("RANK", 0))
    loss_of = LossOf(model)
    if ranks > 1:
        loss_of = torch.nn.parallel.DistributedDataParallel(loss_of)
    losses = []
    for step in range(run.whole("step"), last):
        for group in optimizer.param_groups:
            group["lr"] = rate(run, step)
        tokens, targets = documents.batch((step * ranks + rank) * batch, batch, model.block_size)
        optimizer.zero_grad(set_to_none=False)
        loss = loss_of(tokens, targets)
        loss.backward()
        optimizer.step()
        mean = loss.detach().clone()
        if ranks > 1:
            dist.all_reduce(mean)
            mean /= ranks
        losses.append(mean.item())
        if rank == 0:
            print(f"step {step + 1:4d} / {last:4d} | loss {losses[-1]:.17g}", flush=True)
    return losses


def main(options):
    run = SavedRun.read(options.run)
    if run.word("accumulate") != "on" or run.word("zero_grad") != "on":
        raise ValueError("this run has a bug in its backward pass on purpose; PyTorch's is right")
    if options.grow:
        grow(run, options.grow)
    torch.manual_seed(run.whole("seed"))
    model = Gpt(run, len(run.texts["characters"]) + 1)
    optimizer = make_optimizer(run, model)
    if not options.grow:
        model.take(run.arrays)
        take_state(run, model, optimizer, run.whole("step"))
    last = options.steps or run.whole("steps")
    run.texts["steps"] = str(max(last, run.whole("steps")))
    documents = Documents(options.data, run.texts["characters"], run.whole("seed"))
    losses = train(run, model, optimizer, documents, options.batch, last)
    if options.save and int(os.environ.get("RANK", 0)) == 0:
        save(run, model, optimizer, last, losses, options.save)


class LossOf(torch.nn.Module):
    """DistributedDataParallel joins gradients of what forward() makes."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, tokens, targets):
        return self.model.loss(tokens, targets)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", help="a saved run")
    parser.add_argument("--data", required=True, help="its documents")
    parser.add_argument("--steps", type=int, help="train until so many steps are done (default: to the end of the run)")
    parser.add_argument("--batch", type=int, default=1, help="documents a step and process (1)")
    parser.add_argument("--save", help="where to save the run")
    parser.add_argument("--grow", nargs="+", metavar="NAME=VALUE", help="begin anew with other settings")
    if int(os.environ.get("WORLD_SIZE", 1)) > 1:
        dist.init_process_group("gloo")
    try:
        main(parser.parse_args())
    except (OSError, ValueError, KeyError) as error:
        raise SystemExit(f"train.py: {error}")
    finally:
        if dist.is_initialized():
            dist.destroy_process_group()
