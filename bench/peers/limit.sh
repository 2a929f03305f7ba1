#!/bin/sh
# Kernels of infinite width, ours and Neural Tangents' in turns: limit.sh [--rounds N] [--output FILE] [ROW...].
set -eu
cd "$(dirname "$0")/../.."
cmake --preset release > /dev/null
cmake --build --preset release --target bench_limit_block
if [ -z "${NEURAL_TANGENTS_PYTHON:-}" ]; then
  bench/peers/neural_tangents_venv.sh
fi
exec python3 bench/peers/limit.py "$@"
