#!/bin/sh
# make check-peers: PyTorch computes what we compute. Gradients, a step and curves of the networks of
# bench/check_export.c; networks in files, both ways. Status 1 when anything differs, or PyTorch is missing.
set -eu
cd "$(dirname "$0")/../.."
python=${PYTORCH_PYTHON:-/usr/bin/python3}
out=build/peers-check
if ! "$python" -c 'import numpy, torch'; then
    echo "check-peers needs PyTorch: apt-get install python3-torch, or PYTORCH_PYTHON=..." >&2
    exit 1
fi
export PYTHONPATH="build/peers-safetensors${PYTHONPATH:+:$PYTHONPATH}"
"$python" -c 'import safetensors' 2> /dev/null ||
    "$python" -m pip install --quiet --target build/peers-safetensors safetensors
cmake --preset release > /dev/null
cmake --build --preset release --target bench_check_export ermine_program

set --
for place in $(echo "${ERMINE_DATA:-}" | tr : ' ') ../shared/data "${XDG_CACHE_HOME:-${HOME:-}/.cache}/ermine" \
    /usr/local/share/datasets /usr/share/datasets; do
    if [ -d "$place" ]; then set -- "$@" --data "$place"; fi
done
rm -rf $out
mkdir -p $out/examples $out/wrong $out/exported
build/bench/bench_check_export "$@" $out/exported

failed=0
"$python" -m doctest bench/peers/agreement.py || failed=1
"$python" bench/peers/example_folders.py $out/examples
"$python" bench/peers/pytorch_check.py $out/examples/* > $out/examples.txt || failed=1
"$python" bench/peers/example_folders.py $out/wrong --wrong
"$python" bench/peers/pytorch_check.py $out/wrong/* > $out/wrong.txt && failed=1
if grep ' agrees ' $out/wrong.txt | grep -qv ' statistics '; then failed=1; fi
if [ $failed = 1 ]; then echo "pytorch_check.py itself is wrong: $out/examples.txt, $out/wrong.txt" >&2; fi
"$python" bench/peers/pytorch_check.py $out/exported/* || failed=1
"$python" bench/peers/networks_check.py build/ermine || failed=1
exit $failed
