"""PyTorch's side of a row: one member after the other, the loop as one writes it (worker.py says how it is asked).

    /usr/bin/python3 pytorch_train.py FOLDER [--members A:B] [--threads T] [--cpu I] [--channels-last]
"""
import torch

import folder as folders
import pytorch_net
import worker


class Ensemble:
    def __init__(self, folder, members, channels_last):
        self.folder, self.loss = folder, pytorch_net.LOSSES[folder.loss]
        self.w0, self.order = folder.w0[members], torch.from_numpy(folder.order[members].astype("int64"))
        self.format = torch.channels_last if channels_last else torch.contiguous_format
        self.x = pytorch_net.inputs(folder).contiguous(memory_format=self.format)
        self.y = torch.from_numpy(folder.y.astype("int64"))

    def start(self, member):
        net = pytorch_net.build(self.folder)
        pytorch_net.load(self.folder, net, self.w0[member])
        net = net.to(memory_format=self.format)
        return net, torch.optim.SGD(net.parameters(), lr=self.folder.rate, momentum=self.folder.momentum)

    def step(self, net, optimiser, batch):
        optimiser.zero_grad(set_to_none=True)
        self.loss(net(self.x[batch]), self.y[batch]).backward()
        optimiser.step()

    def batches(self, member, epoch):
        return self.order[member, epoch % self.order.shape[1]].split(self.folder.batch)

    def train(self, epochs):
        for member in range(len(self.w0)):
            net, optimiser = self.start(member)
            for epoch in range(epochs):
                for batch in self.batches(member, epoch):
                    self.step(net, optimiser, batch)

    def curves(self, steps):
        curves = []
        for member in range(len(self.w0)):
            net, optimiser = self.start(member)
            curve, done = [], 0
            for step in steps:
                while done < step:
                    batches = self.batches(member, done // self.folder.steps)
                    self.step(net, optimiser, batches[done % self.folder.steps])
                    done += 1
                curve.append((step, pytorch_net.loss_over(self.folder, net, self.x, self.y)))
            curves.append(curve)
        return curves


def main():
    args = worker.arguments(**{"channels-last": "images with the channels last in memory"})
    torch.set_num_threads(args.threads)
    folder = folders.Folder(args.folder)
    ensemble = Ensemble(folder, args.members, args.channels_last)
    worker.serve(ensemble, folder.curve[args.members], {"peer": "pytorch", "version": torch.__version__})


if __name__ == "__main__":
    main()
