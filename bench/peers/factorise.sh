#!/bin/sh
# Deep matrix factorisation, ours and PyTorch's in turns: factorise.sh [--rounds N] [--seconds S] [--output FILE] [ROW...].
set -eu
cd "$(dirname "$0")/../.."
cmake --preset release > /dev/null
cmake --build --preset release --target bench_factorise
bench/peers/openblas.sh || echo "no BLAS with threads for PyTorch: its matrix products take one" >&2
exec python3 bench/peers/factorise.py "$@"
