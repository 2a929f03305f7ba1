#!/usr/bin/env python3
"""The PyTorch loop on a study of many small networks: thousand.py [--networks 20] [--threads N]

Trains some of the thousand networks of thousand.yaml one after the other as practitioners do, recording losses and errors
of both sets after each epoch, on one thread and on all (or on N). Prints the time of one and of a thousand in proportion,
the best number of threads last. Data: fashion-mnist/ in a folder of ERMINE_DATA, or where the program looks.
"""
import argparse
import os
import time

import numpy
import torch

from fashion_mnist import read


def images(part, n):
    x = read(part + "-images-idx3-ubyte.gz", 16).reshape(-1, 784)[:n].astype(numpy.float32) / 255
    y = read(part + "-labels-idx1-ubyte.gz", 8)[:n].astype(numpy.int64)
    return torch.from_numpy(x), torch.from_numpy(y)


def measure(net, loss, x, y):
    with torch.no_grad():
        f = net(x)
        return float(loss(f, y)), float((f.argmax(1) != y).float().mean())


def train(train_set, test_set):
    x, y = train_set
    net = torch.nn.Sequential(torch.nn.Linear(784, 64), torch.nn.ReLU(), torch.nn.Linear(64, 10))
    loss = torch.nn.CrossEntropyLoss()
    step = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
    for _ in range(30):
        order = torch.randperm(len(x))
        for at in range(0, len(x), 128):
            rows = order[at:at + 128]
            step.zero_grad()
            loss(net(x[rows]), y[rows]).backward()
            step.step()
        measure(net, loss, x, y)
        error = measure(net, loss, *test_set)[1]
    return error


def time_networks(threads, networks, sets):
    """Seconds of one of so many networks, which is said."""
    torch.set_num_threads(threads)
    train(*sets)
    begin = time.perf_counter()
    errors = [train(*sets) for _ in range(networks)]
    seconds = (time.perf_counter() - begin) / networks
    print(f"torch {torch.__version__}, {threads} thread{'s' * (threads > 1)}: {seconds:.3f} s a network, "
          f"mean test error {numpy.mean(errors):.3f}", flush=True)
    return seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--networks", type=int, default=20)
    parser.add_argument("--threads", type=int)
    options = parser.parse_args()
    x, y = images("train", 4000)
    mean, std = x.mean(), x.std()
    test, labels = images("t10k", 1000)
    sets = ((x - mean) / std, y), ((test - mean) / std, labels)
    tried = [options.threads] if options.threads else sorted({1, len(os.sched_getaffinity(0))})
    seconds, threads = min((time_networks(threads, options.networks, sets), threads) for threads in tried)
    print(f"best on {threads} thread{'s' * (threads > 1)}; a thousand in proportion: {1000 * seconds:.0f} s")


if __name__ == "__main__":
    main()
