#!/bin/sh
# Slices of the loss, ours and PyTorch's in turns: slice.sh [ROW...]. Exports and checks each row, then three rounds.
set -eu
cd "$(dirname "$0")/../.."
cmake --preset release > /dev/null
cmake --build --preset release --target bench_slice
rows=${*:-slice-784-64 slice-784-512 slice-784-512x3 slice-conv}
for row in $rows; do
  folder=build/peers-slice/$row
  mkdir -p "$folder"
  build/bench/bench_slice --grid 15 --export "$folder" "$row"
  for _ in 1 2 3; do
    build/bench/bench_slice --grid 41 "$row"
    "${PYTORCH_PYTHON:-/usr/bin/python3}" bench/peers/pytorch_slice.py "$folder" --seconds 3
  done
done
