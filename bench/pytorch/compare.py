#!/usr/bin/env python3
"""The steps of `fa bench`, taken by PyTorch: time per step, by the same protocol.

    python3 bench/pytorch/compare.py [--threads N] [--seconds S] [--cases dense,conv-mnist,conv-cifar,resnet-20]

Needs Python 3.9+ and torch (1.13 of Debian is enough); uses the CPU only. Two variants of each step of plain SGD:

    autograd   what a user of PyTorch writes: nn.Linear, nn.Conv2d, loss.backward(), torch.optim.SGD. Backpropagation.
    by hand    no autograd: matrix products, derivatives, and updates in place (addmm_, addr_), for backpropagation, feedback alignment and
               direct feedback alignment. Dense networks only.

Protocol, as in `fa bench`: random examples in several batches, warm-up, then rounds in which every case gets a short sample in its turn, after a
few unmeasured steps; medians.
"""

import argparse
import statistics
import time

import torch
from torch import nn

LEARNING_RATE = 1e-3
SAMPLE_SECONDS = 0.01

# Layer sizes, batch, hidden activation, loss: as in BenchPlan.Standard.
WORKLOADS = [
    ([784, 1000, 10], 128, "logistic", "softmax-cross-entropy"),
    ([784, 1024, 1024, 1024, 1024, 10], 128, "tanh", "softmax-cross-entropy"),
    ([784, 1000, 10], 1, "logistic", "softmax-cross-entropy"),
    ([784, 1024, 1024, 1024, 1024, 10], 1, "tanh", "softmax-cross-entropy"),
    ([30, 20, 10], 1, "linear", "squared-error"),
]

# Networks of pictures: name, shape of a picture, batch. As the presets of the same names.
PICTURES = [("conv-mnist", (1, 28, 28), 64), ("conv-cifar", (3, 32, 32), 64), ("resnet-20", (3, 32, 32), 64)]
CLASSES = 10

ACTIVATIONS = {"logistic": torch.sigmoid, "tanh": torch.tanh, "linear": lambda z: z}
MODULES = {"logistic": nn.Sigmoid, "tanh": nn.Tanh, "linear": nn.Identity}
TIMES_DERIVATIVE = {
    "logistic": lambda error, h: error.mul_(h).mul_(1 - h),
    "tanh": lambda error, h: error.mul_(1 - h * h),
    "linear": lambda error, h: error,
}


def random_batches(inputs, outputs, batch):
    """Uniform inputs of a shape and one random class each; as many batches as `fa bench` has."""
    count = max(8, 64 // batch)
    batches = []
    for _ in range(count):
        targets = torch.zeros(batch, outputs)
        targets[torch.arange(batch), torch.randint(outputs, (batch,))] = 1
        batches.append((torch.rand(batch, *inputs), targets))
    return batches


class PaddedShortcut(nn.Module):
    """Every second position, and zero channels on both sides (He et al. 2015, option A)."""

    def forward(self, inputs):
        channels = inputs.shape[1] // 2
        return nn.functional.pad(inputs[:, :, ::2, ::2], (0, 0, 0, 0, channels, channels))


class Block(nn.Module):
    """A residual block of two convolutions."""

    def __init__(self, channels, filters):
        super().__init__()
        stride = filters // channels
        self.inside = nn.Sequential(
            nn.Conv2d(channels, filters, 3, stride, padding=1), nn.BatchNorm2d(filters), nn.ReLU(),
            nn.Conv2d(filters, filters, 3, padding=1), nn.BatchNorm2d(filters),
        )
        self.shortcut = nn.Identity() if stride == 1 else PaddedShortcut()

    def forward(self, inputs):
        return torch.relu(self.inside(inputs) + self.shortcut(inputs))


def picture_network(name):
    if name == "conv-mnist":
        return nn.Sequential(
            nn.Conv2d(1, 32, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(3136, 128), nn.ReLU(), nn.Linear(128, CLASSES),
        )
    if name == "conv-cifar":
        convolutions = []
        for channels, filters in ((3, 32), (32, 64), (64, 64)):
            convolutions += [nn.Conv2d(channels, filters, 5, padding=2), nn.Tanh(), nn.MaxPool2d(3, 2, padding=1)]
        return nn.Sequential(*convolutions, nn.Flatten(), nn.Linear(1024, 128), nn.Tanh(), nn.Linear(128, CLASSES))
    widths = [16, 16, 16, 16, 32, 32, 32, 64, 64, 64]
    return nn.Sequential(
        nn.Conv2d(3, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(),
        *[Block(channels, filters) for channels, filters in zip(widths, widths[1:])],
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, CLASSES),
    )


def autograd_step(sizes, batch, activation, loss):
    layers = []
    for inputs, outputs in zip(sizes, sizes[1:]):
        layers += [nn.Linear(inputs, outputs), MODULES[activation]()]
    return autograd_step_of(nn.Sequential(*layers[:-1]), batch, loss)


def autograd_step_of(model, batch, loss="softmax-cross-entropy"):
    optimizer = torch.optim.SGD(model.parameters(), lr=LEARNING_RATE)
    cross_entropy = nn.CrossEntropyLoss()

    def step(inputs, targets):
        optimizer.zero_grad(set_to_none=True)
        outputs = model(inputs)
        if loss == "softmax-cross-entropy":
            value = cross_entropy(outputs, targets)
        else:
            value = 0.5 * (targets - outputs).square().sum() / batch
        value.backward()
        optimizer.step()

    return step


def hand_written_step(sizes, batch, activation, loss, rule):
    pairs = list(zip(sizes, sizes[1:]))
    weights = [torch.empty(outputs, inputs) for inputs, outputs in pairs]
    biases = [torch.zeros(outputs) for _, outputs in pairs]
    for matrix in weights:
        nn.init.xavier_uniform_(matrix)

    # What the error goes through on its way to the layer below; of the first layer nothing.
    if rule == "backpropagation":
        through = weights
    else:
        direct = rule == "direct-feedback-alignment"
        through = [torch.empty(sizes[-1] if direct else outputs, inputs) for inputs, outputs in pairs]
        for matrix in through:
            nn.init.xavier_uniform_(matrix)

    rate = LEARNING_RATE / batch
    apply, times_derivative = ACTIVATIONS[activation], TIMES_DERIVATIVE[activation]

    def step(inputs, targets):
        values = [inputs]
        for layer, (w, b) in enumerate(zip(weights, biases)):
            z = torch.addmm(b, values[-1], w.t())
            values.append(apply(z) if layer + 1 < len(weights) else z)

        outputs = values[-1]
        output_error = (torch.softmax(outputs, 1) if loss == "softmax-cross-entropy" else outputs) - targets
        error = output_error
        for layer in reversed(range(len(weights))):
            below = None
            if layer > 0:
                source = output_error if rule == "direct-feedback-alignment" else error
                below = times_derivative(source @ through[layer], values[layer])
            if batch == 1:
                weights[layer].addr_(error[0], values[layer][0], alpha=-rate)
            else:
                weights[layer].addmm_(error.t(), values[layer], alpha=-rate)
            biases[layer].sub_(error.sum(0), alpha=rate)
            error = below

    return step


class Case:
    def __init__(self, title, batch, variant, step, batches):
        self.title, self.batch, self.variant, self.step, self.batches = title, batch, variant, step, batches
        self.next, self.steps, self.samples = 0, 1, []

    def run(self, steps):
        start = time.perf_counter()
        for _ in range(steps):
            self.step(*self.batches[self.next])
            self.next = (self.next + 1) % len(self.batches)
        return (time.perf_counter() - start) / steps

    def warm_up(self):
        once = self.run(self.steps)
        self.steps = int(max(1, min(SAMPLE_SECONDS / once, 16 * self.steps)))

    def sample(self):
        self.run(max(1, self.steps // 8))
        self.samples.append(self.run(self.steps))


def cases(wanted):
    for workload in WORKLOADS if "dense" in wanted else []:
        sizes, batch, activation, loss = workload
        title = f"{'-'.join(map(str, sizes))}, batch {batch}, {activation}, {loss}"
        batches = random_batches(sizes[:1], sizes[-1], batch)
        yield Case(title, batch, "backpropagation, autograd", autograd_step(*workload), batches)
        for rule in ("backpropagation", "feedback-alignment", "direct-feedback-alignment"):
            yield Case(title, batch, f"{rule}, by hand", without_autograd(hand_written_step(*workload, rule)), batches)
    for name, picture, batch in PICTURES:
        if name in wanted:
            step = autograd_step_of(picture_network(name), batch)
            yield Case(f"{name}, batch {batch}", batch, "backpropagation, autograd", step, random_batches(picture, CLASSES, batch))


def without_autograd(step):
    def run(inputs, targets):
        with torch.inference_mode():
            step(inputs, targets)

    return run


def in_rounds(all_cases, action, seconds, least):
    start, rounds = time.perf_counter(), 0
    while rounds < least or time.perf_counter() - start < seconds:
        for case in all_cases:
            action(case)
        rounds += 1


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, default=torch.get_num_threads(), help="threads that share a step")
    parser.add_argument("--seconds", type=float, default=36, help="seconds of measuring")
    names = ["dense", *(name for name, _, _ in PICTURES)]
    parser.add_argument("--cases", default=",".join(names), help=f"which, of {','.join(names)}")
    options = parser.parse_args()
    wanted = options.cases.split(",")
    if strangers := [case for case in wanted if case not in names]:
        parser.error(f"--cases: no {', '.join(strangers)}; there are {', '.join(names)}")
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)

    all_cases = list(cases(wanted))
    in_rounds(all_cases, Case.warm_up, options.seconds / 4, least=4)
    in_rounds(all_cases, Case.sample, options.seconds, least=3)

    # torch.backends.cpu is not in torch 1.13.
    vectors = next((line.split()[-1] for line in torch.__config__.show().splitlines() if "CPU capability" in line), "vectors unknown")
    print(f"torch {torch.__version__}, {options.threads} threads, {vectors}")
    shown = None
    for case in all_cases:
        if case.title != shown:
            shown = case.title
            print(f"\n{shown}")
            print(f"{'':36}{'µs/step':>10}{'examples/s':>14}")
        median = statistics.median(case.samples)
        print(f"{case.variant:36}{1e6 * median:10.1f}{case.batch / median:14,.0f}")


if __name__ == "__main__":
    main()
