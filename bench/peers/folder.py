"""A folder that our program wrote: one network, its data, and what became of its members.

README.md beside this file lists the files. Arrays that a folder lacks are None.
"""
import json
import os

import numpy

import layers


class Folder:
    def __init__(self, path):
        with open(os.path.join(path, "model.json"), encoding="utf-8") as file:
            about = json.load(file)
        self.path = path
        self.id, self.loss, self.batch = about["id"], about["loss"], about["batch"]
        self.rate, self.momentum = about["rate"], about["momentum"]
        self.training = about.get("training", True)
        self.classes, self.input = about["classes"], tuple(about["input"])
        self.layers = layers.parse(about["model"])
        layers.bind(self.layers, self.input, self.classes)
        for name in ("x", "y", "w0", "order", "curve", "gradient", "w1", "statistics"):
            file = os.path.join(path, name + ".npy")
            setattr(self, name, numpy.load(file) if os.path.exists(file) else None)
        self.x = self.x.reshape((len(self.x),) + self.input)  # n, height, width, channels
        self.members, self.parameters = self.w0.shape
        self.examples = len(self.y)
        self.steps = -(-self.examples // self.batch)  # an epoch
