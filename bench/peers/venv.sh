#!/bin/sh
# JAX for the CPU in an environment of its own, build/peers-venv; nothing happens when it is there.
set -eu
cd "$(dirname "$0")/../.."
venv=build/peers-venv
[ -x $venv/bin/python ] && $venv/bin/python -c 'import jax' 2>/dev/null && exit 0
rm -rf $venv
mkdir -p build
python3 -m venv $venv
$venv/bin/pip install --quiet jax
