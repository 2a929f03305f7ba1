#!/usr/bin/env python3
"""The PyTorch loop on a study of many small networks: thousand.py [--networks 20] [--threads N]

Trains some of the thousand [784-64-10] networks of docs/performance.md one after the other as practitioners do: 4,000
Fashion-MNIST images, batches of 128, SGD with momentum 0.9, 30 epochs, losses and errors of both sets after each. Prints
the time of one and of a thousand in proportion. Data: Debian's dataset-fashion-mnist.
"""
import argparse
import gzip
import time

import numpy
import torch

FOLDER = "/usr/share/datasets/fashion-mnist/"


def read(name, head):
    with gzip.open(FOLDER + name) as file:
        return numpy.frombuffer(file.read(), dtype=numpy.uint8)[head:]


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


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--networks", type=int, default=20)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    x, y = images("train", 4000)
    mean, std = x.mean(), x.std()
    test, labels = images("t10k", 1000)
    sets = ((x - mean) / std, y), ((test - mean) / std, labels)
    train(*sets)
    begin = time.perf_counter()
    errors = [train(*sets) for _ in range(options.networks)]
    seconds = (time.perf_counter() - begin) / options.networks
    print(f"torch {torch.__version__}, {options.threads} threads: {seconds:.3f} s a network, mean test error "
          f"{numpy.mean(errors):.3f}; a thousand in proportion: {1000 * seconds:.0f} s")


if __name__ == "__main__":
    main()
