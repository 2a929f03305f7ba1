"""Measures of a network in PyTorch, as one writes them: after Jiang et al. 2020, and of curvature and gradients.

Names and definitions are those of `ermine list measures`. Each function takes a Subject and returns values by name.
"""
import math

import functorch
import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils import parameters_to_vector, vector_to_parameters

from kept_networks import folded, inner

TARGET, TOLERANCE, EPSILON, DELTA = 0.1, 0.01, 1e-3, 0.05
DRAWS, CLIMBS, STEPS, BATCH = 10, 3, 10, 64
FLATNESS = ("pacbayes_flatness", "pacbayes_mag_flatness", "sharpness_flatness", "sharpness_mag_flatness")


class Subject:
    """A trained network with its start, its weights after one epoch, and its training set."""

    def __init__(self, net, initial, first_epoch, x, y):
        self.net, self.initial, self.first_epoch, self.x, self.y = net, initial, first_epoch, x, y
        self.flat, self.flat_initial = folded(net), folded(initial)
        with torch.no_grad():
            self.logits = net(x)


def error(net, x, y):
    with torch.no_grad():
        return float((net(x).argmax(1) != y).float().mean())


def margin(subject):
    """The 10th percentile of all margins."""
    f, y = subject.logits, subject.y
    true = f.gather(1, y[:, None])[:, 0]
    other = f.scatter(1, y[:, None], -math.inf).max(1).values
    return float((true - other).sort().values[max(1, len(y) // 10) - 1])


def outputs(subject):
    log_p = subject.logits.double().log_softmax(1)
    gamma = margin(subject)
    return {"cross_entropy": float(F.nll_loss(log_p, subject.y)),
            "entropy": float(-(log_p.exp() * log_p).sum(1).mean()), "inverse_margin": gamma ** -2}


def convolutions(net, x):
    """Each layer with weights, and the shape of what it reads."""
    found = []
    with torch.no_grad():
        x = x[:1]
        for part in net:
            if isinstance(inner(part), nn.Conv2d):
                found.append((part, x.shape))
            x = part(x)
    return found


def map_norm(part, weight, shape, tolerance, most=10000):
    """The spectral norm of a convolution as a map, by the power method."""
    conv, weight = inner(part), weight.double()
    x = torch.randn(shape, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    last = 0.0
    for _ in range(most):
        x = (x / x.norm()).requires_grad_()
        y = F.conv2d(x if part is conv else part.pad(x), weight, None, conv.stride, conv.padding)
        (back,) = torch.autograd.grad(y, x, y)
        value = float(y.detach().norm())
        if abs(value - last) <= tolerance * value:
            break
        last, x = value, back
    return value


def norms(subject, tolerance=1e-8):
    gamma = margin(subject)
    weights = [(part, inner(part).weight.detach(), inner(start).weight.detach(), shape) for (part, shape), (start, _)
               in zip(convolutions(subject.flat, subject.x), convolutions(subject.flat_initial, subject.x))]
    d, out = len(weights), {}
    fro = [float(w.double().square().sum()) for _, w, _, _ in weights]
    moved = [float((w - w0).double().square().sum()) for _, w, w0, _ in weights]
    for suffix, norm in (("", lambda *of: map_norm(*of, tolerance)),
                         ("_reshaped", lambda _, w, __: float(torch.linalg.svdvals(w.flatten(1))[0]))):
        spec = [norm(part, w, shape) ** 2 for part, w, _, shape in weights]
        product = sum(map(math.log, spec))
        over = product - 2 * math.log(gamma)
        values = {
            "prod_of_spec": math.exp(product), "log_prod_of_spec": product,
            "prod_of_spec_over_margin": math.exp(over), "log_prod_of_spec_over_margin": over,
            "sum_of_spec": d * math.exp(product / d), "sum_of_spec_over_margin": d * math.exp(over / d),
            "fro_over_spec": sum(f / s for f, s in zip(fro, spec)),
            "log_spec_init_main": over + math.log(sum(t / s for t, s in zip(moved, spec))),
            "log_spec_orig_main": over + math.log(sum(f / s for f, s in zip(fro, spec))),
            "dist_spec_init": sum(norm(part, w - w0, shape) ** 2 for part, w, w0, shape in weights),
        }
        values["spec_init_main"] = math.exp(values["log_spec_init_main"])
        values["spec_orig_main"] = math.exp(values["log_spec_orig_main"])
        out.update({name + suffix: value for name, value in values.items()})
    product = sum(map(math.log, fro))
    over = product - 2 * math.log(gamma)
    out.update({"prod_of_fro": math.exp(product), "log_prod_of_fro": product, "prod_of_fro_over_margin": math.exp(over),
                "log_prod_of_fro_over_margin": over, "sum_of_fro": d * math.exp(product / d),
                "sum_of_fro_over_margin": d * math.exp(over / d), "frobenius_distance": sum(moved),
                "param_norm": sum(fro)})
    return out


def path_norm(subject):
    net = folded(subject.net).double()
    with torch.no_grad():
        for parameter in net.parameters():
            parameter.square_()
        value = float(net(torch.ones_like(subject.x[:1], dtype=torch.float64)).sum())
    over = value / margin(subject) ** 2
    return {"path_norm": value, "log_path_norm": math.log(value), "path_norm_over_margin": over,
            "log_path_norm_over_margin": math.log(over)}


# --- perturbation searches ---

def radius(deviation, low=1e-5, high=2.0):
    """Bisection of ln s until the error has risen by the target."""
    low, high = math.log(low), math.log(high)
    for _ in range(40):
        s = math.exp((low + high) / 2)
        rise = deviation(s)
        if abs(rise - TARGET) <= TOLERANCE:
            break
        if rise > TARGET:
            high = math.log(s)
        else:
            low = math.log(s)
    return s


class Searches:
    """Perturbations of a network without batch norm, those of src/measures/perturbed.h with other random numbers."""

    def __init__(self, subject, seed=0):
        self.net, self.x, self.y = folded(subject.net), subject.x, subject.y
        self.w = parameters_to_vector(self.net.parameters()).detach().clone()
        self.clean = error(self.net, self.x, self.y)
        generator = torch.Generator().manual_seed(seed)
        self.normal = torch.randn(DRAWS, len(self.w), generator=generator)
        self.corner = 2 * torch.rand(CLIMBS, len(self.w), generator=generator) - 1
        self.order = [torch.randperm(len(self.y), generator=generator) for _ in range(CLIMBS)]

    def at(self, w):
        vector_to_parameters(w, self.net.parameters())
        return error(self.net, self.x, self.y)

    def mean_rise(self, size):
        return sum(self.at(self.w + size * z) for z in self.normal) / DRAWS - self.clean

    def climb(self, half, r):
        w = self.w + half * self.corner[r] / 2
        rows = self.order[r].repeat(-(-STEPS * BATCH // len(self.y)))
        for k in range(STEPS):
            batch = rows[k * BATCH:(k + 1) * BATCH]
            vector_to_parameters(w, self.net.parameters())
            loss = F.cross_entropy(self.net(self.x[batch]), self.y[batch])
            g = parameters_to_vector(torch.autograd.grad(loss, list(self.net.parameters())))
            w = w + 2.5 / STEPS * half * g.sign()
            w = torch.minimum(torch.maximum(w, self.w - half), self.w + half)
        return self.at(w)

    def worst_rise(self, half):
        return max(self.climb(half, r) for r in range(CLIMBS)) - self.clean

    def rise(self, which, s):
        """How far the training error rises at size s of the perturbations of a measure."""
        if which == "pacbayes_flatness":
            return self.mean_rise(s)
        if which == "pacbayes_mag_flatness":
            return self.mean_rise(torch.sqrt((s * self.w).square() + EPSILON ** 2))
        if which == "sharpness_flatness":
            return self.worst_rise(torch.full_like(self.w, s))
        return self.worst_rise(s * self.w.abs() + EPSILON)


def weights_alone(net):
    return torch.cat([p.detach().flatten() for p in net.parameters() if p.dim() > 1]).double()


def searches(subject):
    search = Searches(subject)
    return forms(subject, [radius(lambda s, which=which: search.rise(which, s)) for which in FLATNESS])


def forms(subject, radii):
    """The measures made of sigma, sigma', alpha and alpha'."""
    m = len(subject.y)
    sigma, relative, alpha, alpha_relative = radii
    w = weights_alone(subject.flat)
    moved = w - weights_alone(subject.flat_initial)
    omega = len(w)

    def plain(square, over, s):
        return float(square * over / 4 + math.log(m / s) + 10)

    def elements(square, added, s, q, size):
        return float(torch.log((EPSILON ** 2 + added * square / omega) / (EPSILON ** 2 + s ** 2 * q.square())).sum() / 4
                     + math.log(m / size) + 10)

    out = {}
    for name, square in (("init", moved), ("orig", w)):
        out["pacbayes_" + name] = plain(square.square().sum(), sigma ** -2, sigma)
        out["sharpness_" + name] = plain(square.square().sum(), math.log(2 * omega) / alpha ** 2, sigma)
    box = alpha_relative ** 2 + 4 * math.log(2 * omega / DELTA)
    for name, square, q in (("init", moved, moved), ("orig_ref", w, moved), ("orig_abs", w, w)):
        square = square.square().sum()
        out["pacbayes_mag_" + name] = elements(square, relative ** 2 + 1, relative, q, relative)
        out["sharpness_mag_" + name] = elements(square, box, alpha_relative, q, sigma)
    out.update({name: s ** -2 for name, s in zip(FLATNESS, radii)})
    return out


# --- gradients and curvature ---

def example_gradients(net, x, y, chunk=250):
    """The gradient of each example's loss, a row each."""
    function, parameters, buffers = functorch.make_functional_with_buffers(net)

    def loss(parameters, image, label):
        return F.cross_entropy(function(parameters, buffers, image[None]), label[None])

    each = functorch.vmap(functorch.grad(loss), (None, 0, 0))
    return torch.cat([torch.cat([g.detach().flatten(1) for g in each(parameters, x[i:i + chunk], y[i:i + chunk])], 1)
                      for i in range(0, len(y), chunk)])


def gradients(subject):
    g = example_gradients(subject.net, subject.x, subject.y)
    first = example_gradients(subject.first_epoch, subject.x, subject.y)
    mean, square = float(g.mean(0).double().square().sum()), float(g.square().sum(1).mean())
    alpha, m = mean / square, len(g)
    w = parameters_to_vector(subject.net.parameters()).detach()
    return {"gradient_noise_final": square - mean,
            "gradient_noise_epoch_1": float(first.square().sum(1).mean() - first.mean(0).square().sum()),
            "gradient_coherence": alpha, "m_coherence": m * alpha, "gradient_diversity": 1 / (m * alpha),
            "fisher_rao_gradient": float((g @ w).double().square().mean())}


def curvature(subject, most=200, tolerance=1e-3):
    """The largest eigenvalue of the Hessian by the power method, as PyHessian."""
    parameters = list(subject.net.parameters())
    loss = F.cross_entropy(subject.net(subject.x), subject.y)
    g = torch.autograd.grad(loss, parameters, create_graph=True)
    v = torch.randn(len(parameters_to_vector(parameters)), generator=torch.Generator().manual_seed(0))
    value = 0.0
    for _ in range(most):
        v = v / v.norm()
        split = [part.view_as(p) for part, p in zip(v.split([p.numel() for p in parameters]), parameters)]
        h = torch.cat([part.flatten() for part in torch.autograd.grad(g, parameters, split, retain_graph=True)]).detach()
        last, value = value, float(v @ h)
        if abs(value - last) <= tolerance * abs(value):
            break
        v = h
    return {"lambda_max": value}


def sam(subject, rho=0.05):
    """The largest rise of the loss in steps of ascent within a ball."""
    parameters = list(subject.net.parameters())
    w = [p.detach().clone() for p in parameters]
    losses = []
    for _ in range(STEPS):
        loss = F.cross_entropy(subject.net(subject.x), subject.y)
        losses.append(float(loss))
        g = torch.autograd.grad(loss, parameters)
        size = math.sqrt(sum(float(part.square().sum()) for part in g))
        with torch.no_grad():
            for p, at, part in zip(parameters, w, g):
                p.copy_(at + rho / size * part)
    with torch.no_grad():
        losses.append(float(F.cross_entropy(subject.net(subject.x), subject.y)))
        for p, at in zip(parameters, w):
            p.copy_(at)
    return {"sam_sharpness": max(losses) - losses[0], "sam_sharpness_one_step": losses[1] - losses[0]}


ALL = (outputs, norms, path_norm, searches, gradients, curvature, sam)
