#!/bin/sh
# make soak: a large pooled kernel that is killed five times on its way is, to the bit, the one of an undisturbed run.
#
#     sh tests/soak/kernel.sh PROGRAM SOAK_IMAGES
#
# IMAGES (6000) says how many there are of them, 14 x 14; MODEL and FLAGS (--float32) are handed on. Two runs in all: with
# the model below some quarter of an hour on two cores, and 1.5 GB in TMPDIR. Every leg says how long it took and what it
# began with.
images=${IMAGES:-6000}
case $2 in
/*) maker=$2 ;;
*) maker=$PWD/$2 ;;
esac
# shellcheck source=tests/support/t.sh
. "$(dirname "$0")/../support/t.sh"

layer='init=ntk scale=1.4142 bias_scale=0.1'
deep="[conv 64 3x3 stride=2 $layer, relu, conv 64 3x3 $layer, relu, global_avg_pool, dense 1 $layer]"
model=${MODEL:-$deep}
"$maker" "$images" . || skip "Fashion-MNIST is not here"
now() { date +%s.%N; }
since() { awk -v from="$1" -v to="$(now)" 'BEGIN { printf "%.1f", to - from }'; }
begin() { # begin OUTPUT: in the background, as $pid
    # shellcheck disable=SC2086
    "$program" kernel --model "$model" --x images.npy --output "$1" ${FLAGS-} >out 2>err &
    pid=$!
    from=$(now)
}
found() { sed -n 's/.*part: \([0-9]*\) of [0-9]* pairs are there.*/\1/p' err; }

# shellcheck disable=SC2086
"$program" kernel --model "$model" --x images.npy --dry-run ${FLAGS-} | sed 's/^/# /'
begin whole.npz
wait $pid
is "$?: $(cat out)" '0: whole.npz' 'an undisturbed run'
whole=$(since "$from")
printf '# undisturbed: %s s\n' "$whole"

# Together 0.8 of an undisturbed run: what a leg had not finished when it was killed is computed again.
leg=0 before=0
for share in 0.10 0.22 0.05 0.30 0.13; do
    leg=$((leg + 1))
    begin killed.npz
    sleep "$(awk -v t="$whole" -v share=$share 'BEGIN { print share * t }')"
    kill -KILL $pid
    wait $pid 2>/dev/null
    is $? 137 "leg $leg was killed on its way"
    pairs=$(found)
    printf '# leg %d: %s s, began with %s pairs\n' $leg "$(since "$from")" "${pairs:-0}"
    [ "${pairs:-0}" -ge "$before" ]
    result $? 'it began with no less than the one before'
    before=${pairs:-0}
done
test ! -e killed.npz
result $? 'there is no result yet'
begin killed.npz
wait $pid
is "$?: $(cat out)" '0: killed.npz' 'the last leg comes to the end'
pairs=$(found)
printf '# last leg: %s s, began with %s pairs\n' "$(since "$from")" "${pairs:-0}"
[ "${pairs:-0}" -gt 0 ]
result $? 'it had something to go on with'
cmp killed.npz whole.npz
result $? "the kernels of $images images, killed $leg times, are those of the undisturbed run to the bit"
is "$(ls -- *.part 2>/dev/null)" '' 'and the work files are gone'
t_done
