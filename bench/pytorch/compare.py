#!/usr/bin/env python3
"""The steps of `fa bench`, taken by PyTorch: time per step, by the same protocol.

    python3 bench/pytorch/compare.py [--threads N] [--seconds S]

Needs Python 3.9+ and torch 2.x; uses the CPU only. Two variants of each step of plain SGD:

    autograd   what a user of PyTorch writes: nn.Linear, loss.backward(), torch.optim.SGD. Backpropagation.
    by hand    no autograd: matrix products, derivatives, and updates in place (addmm_, addr_), for backpropagation, feedback alignment and
               direct feedback alignment.

Protocol, as in `fa bench`: random examples in several batches, warm-up, then rounds in which every case gets a short sample in its turn, after a
few unmeasured steps; medians. This file was NOT run on the project's machine, which has no torch: take its figures from your own.
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

ACTIVATIONS = {"logistic": torch.sigmoid, "tanh": torch.tanh, "linear": lambda z: z}
MODULES = {"logistic": nn.Sigmoid, "tanh": nn.Tanh, "linear": nn.Identity}
TIMES_DERIVATIVE = {
    "logistic": lambda error, h: error.mul_(h).mul_(1 - h),
    "tanh": lambda error, h: error.mul_(1 - h * h),
    "linear": lambda error, h: error,
}


def random_batches(sizes, batch):
    """Uniform inputs and one random class each; as many batches as `fa bench` has."""
    count = max(8, 64 // batch)
    batches = []
    for _ in range(count):
        targets = torch.zeros(batch, sizes[-1])
        targets[torch.arange(batch), torch.randint(sizes[-1], (batch,))] = 1
        batches.append((torch.rand(batch, sizes[0]), targets))
    return batches


def autograd_step(sizes, batch, activation, loss):
    layers = []
    for inputs, outputs in zip(sizes, sizes[1:]):
        layers += [nn.Linear(inputs, outputs), MODULES[activation]()]
    model = nn.Sequential(*layers[:-1])
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
    def __init__(self, workload, variant, step):
        self.workload, self.variant, self.step = workload, variant, step
        self.batches = random_batches(workload[0], workload[1])
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


def cases():
    for workload in WORKLOADS:
        yield Case(workload, "backpropagation, autograd", autograd_step(*workload))
        for rule in ("backpropagation", "feedback-alignment", "direct-feedback-alignment"):
            yield Case(workload, f"{rule}, by hand", without_autograd(hand_written_step(*workload, rule)))


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
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)

    all_cases = list(cases())
    in_rounds(all_cases, Case.warm_up, options.seconds / 4, least=4)
    in_rounds(all_cases, Case.sample, options.seconds, least=3)

    print(f"torch {torch.__version__}, {options.threads} threads, {torch.backends.cpu.get_cpu_capability()}")
    shown = None
    for case in all_cases:
        if case.workload is not shown:
            shown = case.workload
            print(f"\n{'-'.join(map(str, shown[0]))}, batch {shown[1]}, {shown[2]}, {shown[3]}")
            print(f"{'':36}{'µs/step':>10}{'examples/s':>14}")
        median = statistics.median(case.samples)
        print(f"{case.variant:36}{1e6 * median:10.1f}{shown[1] / median:14,.0f}")


if __name__ == "__main__":
    main()
