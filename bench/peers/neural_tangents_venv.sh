#!/bin/sh
# Neural Tangents for the CPU in an environment of its own, build/peers-neural-tangents (2.6 GB: it asks for TensorFlow);
# nothing happens when it is there. The last version of Neural Tangents, and a JAX that it still runs with.
set -eu
cd "$(dirname "$0")/../.."
venv=build/peers-neural-tangents
[ -x $venv/bin/python ] && $venv/bin/python -c 'import neural_tangents' 2>/dev/null && exit 0
rm -rf $venv
mkdir -p build
python3 -m venv $venv
$venv/bin/pip install --quiet neural-tangents==0.6.5 jax==0.4.30 jaxlib==0.4.30 'numpy<2' tf2jax==0.3.6
