#!/bin/sh
# `ermine kernel`: what it writes, what it refuses, and that whoever is killed goes on to the same bits.
# ERMINE_KILLS sets how often it is killed.
# shellcheck source=tests/support/t.sh
. "$(dirname "$0")/../support/t.sh"

# npy TYPE SHAPE FILE: standard input behind the header of version 1.0.
npy() {
    {
        printf '\223NUMPY\1\0v\0'
        printf '%-117s\n' "{'descr': '$1', 'fortran_order': False, 'shape': ($2), }"
        cat
    } >"$3"
}

# (1, 0) and (0, 1), twice; two images of other sizes; many images of noise.
printf '\1\0\0\1' | npy '|u1' '2, 2' plane.npy
printf '\0\0\200\77\0\0\0\0\0\0\0\0\0\0\200\77' | npy '<f4' '2, 2' single.npy
printf '\0\0\300\177\0\0\0\0\0\0\0\0\0\0\200\77' | npy '<f4' '2, 2' nan.npy
printf '\1\0\0\1' | npy '|u1' '1, 2, 2' image.npy
printf '\1\0' | npy '|u1' '1, 1, 1, 1, 2' five.npy
awk 'BEGIN { srand(1); for (i = 0; i < 96 * 64; i++) printf "%c", 33 + int(rand() * 90) }' |
    npy '|u1' '96, 8, 8, 1' noise.npy
model='[dense 8, relu, dense 1]'

say kernel
say kernel --model "$model"
say kernel --model "$model" --x plane.npy
say kernel --model "$model" --x plane.npy --output k.npz --weight-std 2 --bias-std 0
say kernel --model "$model" --x plane.npy --output k.npz
say kernel --model "$model" --x plane.npy --output .
say kernel --model "$model" --x plane.npy --output no/k.npz
say kernel --model '[dnese 8]' --x plane.npy --output l.npz
say kernel --model '[conv 8 1x1, relu]' --x image.npy --output l.npz
say kernel --model '[dense 8, batch_norm, relu, dense 1]' --x plane.npy --output l.npz
say kernel --model "$model" --x absent.npy --output l.npz
say kernel --model "$model" --x k.npz --output l.npz
say kernel --model "$model" --x five.npy --output l.npz
say kernel --model "$model" --x nan.npy --output l.npz
say kernel --model "$model" --x plane.npy --x2 image.npy --output l.npz
say kernel --model "$model" --x plane.npy --output l.npz --get both
say kernel --model "$model" --x plane.npy --output l.npz --get ntk,
say kernel --model "$model" --x plane.npy --output l.npz --get nngp,nngp
say kernel --model "$model" --x plane.npy --output plane.npy --force
say kernel --model "$model" --x plane.npy --output l.npz --get nngp --fixed-last
say kernel --model "$model" --x plane.npy --output l.npz --sampled 5 --training
say kernel --model "$model" --x plane.npy --output l.npz --weight-std much
say kernel --model "$model" --x plane.npy --output l.npz --weight-std -1
say kernel --model "$model" --x plane.npy --output l.npz --parameterisation np
say kernel --model "$model" --x plane.npy --output l.npz --sampled 1
say kernel --model "$model" --x plane.npy --output l.npz --sampled 5 --float32
say kernel --model "$model" --x plane.npy --output l.npz --seed 5
say kernel --model "$model" --x nan.npy --output l.npz --sampled 5
say kernel --model '[dense 8, sign, dense 1]' --x plane.npy --output l.npz --sampled 5
transcript kernel.txt
is "$(ls l.npz* k.npz.part 2>/dev/null)" '' 'nothing is left behind'

# The bytes of a file in hexadecimal: members are stored as they are, doubles little-endian.
bytes() { od -An -v -tx1 "$1" | tr -d ' \n'; }
bytes k.npz >hex
has hex 0000000000001040 'nngp has 4 on its diagonal'
has hex 0000000000002040 'ntk has 8'
has hex c8c96d305ff43f 'and both 4/pi beside it, but for the last place'

run kernel --model "$model" --x single.npy -o single.npz -w 2 -b 0
same single.npz k.npz 'float32 gives the same'
run kernel --model "$model" --x plane.npy --x2 single.npy -o both.npz -w 2 -b 0 --quiet
bytes both.npz >hex
is "$(grep -o c8c96d305ff43f hex | wc -l)" 4 'the examples with their like: the same beside the diagonal'
has hex "$(printf nngp_x2_diagonal.npy | od -An -v -tx1 | tr -d ' \n')5554" 'a vector of the others with themselves'
has hex 200a00000000000010400000000000001040 'nngp 4 and 4'
has hex 200a00000000000020400000000000002040 'ntk 8 and 8'
run kernel --model "$model" --x plane.npy -o fixed.npz -w 2 -b 0 --get ntk --fixed-last
bytes fixed.npz >hex
has hex 200a0000000000001040 'ntk without the last layer: 4 of 8'
run kernel --model "$model" --x plane.npy -o fixed.npz -w 2 -b 0 --get ntk --fixed 2 --force
has err 'nothing is left to train' 'without both there is nothing'
masked='[dense 8, relu, dropout 0.5, dense 1]'
run kernel --model "$masked" --x plane.npy -o masked.npz -w 2 -b 0
same masked.npz k.npz 'dropout does nothing'
run kernel --model "$masked" --x plane.npy --x2 plane.npy -o masked.npz -w 2 -b 0 --get nngp --training --force
bytes masked.npz >hex
has hex 200a00000000000010400000000000001040 'with --training neither in --x2'
run kernel --model "$masked" --x plane.npy -o masked.npz -w 2 -b 0 --get nngp --training --force
bytes masked.npz >hex
has hex 200a0000000000002040 'but in --x: 8 on the diagonal'
run kernel --model "$model" --x plane.npy -o standard.npz --parameterisation standard
run kernel --model "$model" --x plane.npy -o model.npz
same standard.npz model.npz 'without standard deviations all is as the model says'
run kernel --model "$model" --x plane.npy -o k.npz -w 2 -b 0 --get ntk --force
is "$code: $(cat out)" '0: k.npz' '--force replaces a file'
bytes k.npz >hex
is "$(grep -c 6e6e67702e6e7079 hex)" 0 'by one with the kernel that is asked for'

run kernel --model "$model" --x plane.npy --dry-run
is "$code" 0 'a dry run'
has out 'nngp and ntk: 2 x 2, 1 pair to compute' 'counts pairs'
has out ', examples included' 'says what memory it takes'
has out '  time    below a second' 'and what time'

# Finite networks: of a single layer each has the kernels of the limit, so that numbers are known here too.
run kernel --model '[dense 1]' --x image.npy -o sampled.npz -w 2 -b 0 --sampled 3
is "$code: $(cat out)" '0: sampled.npz' 'sampled kernels'
bytes sampled.npz >hex
for name in nngp nngp_error ntk ntk_error; do
    has hex "$(printf '%s.npy' $name | od -An -v -tx1 | tr -d ' \n')5554" "have an array $name"
done
is "$(grep -o 200a0000000000000040 hex | wc -l)" 2 'nngp and ntk are 2, as of infinite width'
is "$(grep -o 200a0000000000000000 hex | wc -l)" 2 'without an error'
odd='[conv 4 3x3, batch_norm, relu, max_pool 2, global_avg_pool, dense 1]'
run kernel --model "$odd" --x noise.npy -o three.npz --sampled 5 --seed 7 --threads 3
is "$code" 0 'layers without an exact kernel have a sampled one'
run kernel --model "$odd" --x noise.npy -o alone.npz --sampled 5 --seed 7 --threads 1
same alone.npz three.npz 'the same for any number of threads'
run kernel --model "$odd" --x noise.npy --x2 noise.npy -o two.npz --sampled 5 --seed 8 --get nngp
bytes two.npz >hex
is "$(grep -c 6e746b2e6e7079 hex)" 0 'of two sets, and only the one that is asked for'
run kernel --model "$odd" --x noise.npy --sampled 50 --dry-run
has out 'nngp and ntk: 96 x 96, 50 networks to compute' 'a dry run counts networks'
has out '  time    ' 'and says what time they take'
"$program" kernel --model "$odd" --x noise.npy -o endless.npz --sampled 1000000000 >out 2>err &
pid=$!
until grep -q '^SigCgt:.*[2367abef]$' /proc/$pid/status; do sleep 0.01; done # it listens to SIGINT
kill -INT $pid
wait $pid
is $? 130 'Ctrl-C'
has err 'nothing is kept; the same command begins anew' 'says that nothing is kept'
is "$(ls endless.npz* 2>/dev/null)" '' 'and so it is'

# Pooled images: interrupted, killed and begun twice.
pooled='[conv 8 3x3, relu, conv 8 3x3, relu, global_avg_pool, dense 1]'
compute() { # compute OUTPUT OPTIONS...
    output=$1
    shift
    run kernel --model "$pooled" --weight-std 1.4 --bias-std 0.1 --x noise.npy --output "$output" --quiet "$@"
}
began=$(date +%s.%N)
compute whole.npz
ended=$(date +%s.%N)
is "$code: $(cat out)" '0: whole.npz' 'an undisturbed run'
compute one.npz --threads 1
same one.npz whole.npz 'the number of threads changes nothing'

kills=${ERMINE_KILLS-4}
killed=0
i=0
while [ $i -lt "$kills" ]; do
    i=$((i + 1))
    "$program" kernel --model "$pooled" --weight-std 1.4 --bias-std 0.1 --x noise.npy --output killed.npz \
        >/dev/null 2>&1 &
    pid=$!
    sleep "$(awk -v i=$i -v n="$kills" -v began="$began" -v ended="$ended" \
        'BEGIN { srand(i); print 0.01 + 1.5 * rand() * (ended - began) / n }')"
    kill -9 $pid 2>/dev/null
    wait $pid 2>/dev/null
    [ $? -ne 137 ] || killed=$((killed + 1))
done
test $killed -gt 0
result $? "killed $killed times, of $kills tries, before the end"
[ -e killed.npz ] || compute killed.npz
same killed.npz whole.npz 'after kill -9 the same command goes on to the bits of an undisturbed run'

tries=0 code=0
while [ $code -eq 0 ] && [ $tries -lt 5 ]; do # on a busy machine all may be done before the signal comes
    rm -f stopped.npz
    "$program" kernel --model "$pooled" --weight-std 1.4 --bias-std 0.1 --x noise.npy --output stopped.npz \
        --threads 1 >out 2>err &
    pid=$!
    waited=0
    until [ -s stopped.npz.part ] || [ $waited -ge 1000 ]; do
        sleep 0.01
        waited=$((waited + 1))
    done
    "$program" kernel --model "$pooled" --weight-std 1.4 --bias-std 0.1 --x noise.npy --output stopped.npz \
        >second.out 2>second.err
    second=$?
    kill -INT $pid 2>/dev/null
    wait $pid
    code=$?
    tries=$((tries + 1))
done
is "$second" 1 'two at once: the second does not begin'
has second.err 'stopped.npz.part is being computed by another process' 'and says why'
is $code 130 'Ctrl-C: exit code 130'
has err 'pairs are in stopped.npz.part; the same command goes on' 'it says how to go on'
run kernel --model "$pooled" --weight-std 1.5 --bias-std 0.1 --x noise.npy --output stopped.npz
is "$code" 3 'other work in the place of what was begun'
has err 'stopped.npz.part is of other work: its model differs' 'is refused'
compute stopped.npz
same stopped.npz whole.npz 'the same command goes on to the same bits'
is "$(ls stopped.npz.part 2>/dev/null)" '' 'and its work file is gone'

# A disk that is too small is said before anything is computed.
mkdir small
cat >on_small_disk.sh <<SMALL
mount -t tmpfs -o size=100k tmpfs small
"$program" kernel --model "$pooled" --x noise.npy --output small/k.npz >out 2>err
echo \$? >code
ls small >left
SMALL
if unshare -m true 2>/dev/null && unshare -m sh -c "mount -t tmpfs tmpfs '$work/small'" 2>/dev/null; then
    unshare -m sh on_small_disk.sh
    is "$(cat code)" 1 'a disk that is too small'
    has err 'small/k.npz takes ' 'is said'
    is "$(cat left)" '' 'and nothing is left on it'
else
    printf '# cannot mount a small disk here\n'
fi
t_done
