#!/bin/sh
# make bench-peers: builds our side, makes JAX's environment, runs run.py with the words given here.
set -eu
cd "$(dirname "$0")/../.."
cmake --preset release > /dev/null
cmake --build --preset release --target bench_train
bench/peers/venv.sh || echo "without JAX: its environment could not be made" >&2
exec python3 bench/peers/run.py "$@"
