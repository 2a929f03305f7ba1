#!/bin/sh
# `ermine data`: what is there, where it was looked for, and what is wrong with it.
# shellcheck source=tests/support/t.sh
. "$(dirname "$0")/../support/t.sh"

say data
say data frobnicate
say data lits
say data info
say data info nosuch
say data info fashion-mnits
say data info two-spirals
say data info marathon
say data info sine
say data list extra
transcript data.txt

mkdir -p here/mnist
unset ERMINE_DATA
run data info mnist --data here
is "$code" 3 'an empty folder is bad input'
has err "here" 'it says where it looked'

for file in train-images-idx3-ubyte train-labels-idx1-ubyte t10k-images-idx3-ubyte t10k-labels-idx1-ubyte; do
    printf 'not an IDX file' >here/mnist/$file
done
run data info mnist --data here
is "$code" 3 'a file that is no IDX file is bad input'
has err "here/mnist/t" 'it names the file'
run data list --data here
is "$code" 0 'the list goes on'
has out 'not readable' 'and says that one is not readable'
has out 'comes with Ermine: pace of the Olympic' 'data with real targets are in it'

# A part of CIFAR-10 (two records of zeros, and one) is said to be one.
mkdir -p here/cifar10
head -c 6146 /dev/zero >here/cifar10/data_batch_1_part.bin
head -c 3073 /dev/zero >here/cifar10/test_batch_part.bin
run data list --data here
has out '2 of 50000' 'how many training examples of how many'
has out '1 of 10000' 'and test examples'

ERMINE_DATA=$(yes here | head -n 200 | tr '\n' ':')
export ERMINE_DATA
run data list
is "$code" 2 'more folders than are looked into'
has err ERMINE_DATA 'are refused, not left out'
unset ERMINE_DATA

# A download that cannot be, from a port where nobody listens.
export XDG_CACHE_HOME="$work/cache"
run data fetch mnist --from http://127.0.0.1:1
is "$code" 1 'a download that fails'
has err '127.0.0.1' 'says from where'
run data fetch parity
is "$code" 0 'a generator needs no download'
has err 'nothing to fetch' 'and says so'
is "$(find cache -type f ! -name .lock 2>/dev/null | wc -l)" 0 'nothing is left behind'
t_done
