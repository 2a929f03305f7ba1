#!/bin/sh
# Ten of the zoo's models trained and measured, ours and PyTorch's in turns: measures.sh [--rounds N] [--output FILE].
set -eu
cd "$(dirname "$0")/../.."
cmake --preset release > /dev/null
cmake --build --preset release --target ermine_program
exec python3 bench/peers/measures.py "$@"
