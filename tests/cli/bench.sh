#!/bin/sh
# `ermine bench`: rows that other programs may rely on. (How fast is no matter of right or wrong.)
# shellcheck source=tests/support/t.sh
. "$(dirname "$0")/../support/t.sh"

say bench pike
say bench --threads 0
transcript bench.txt

run bench peak --threads 1
is "$code" 0 'the peak'
has out 'GFLOP/s' 'as a table'
run bench peak --json --threads 1 --output bench.json
same out bench.json '--json prints what --output writes'
for key in '"format": "ermine-bench"' '"rows"' '"id": "peak"' '"seconds"' '"gflops"' '"of_peak": 1.0'; do
    has bench.json "$key" "the JSON has $key"
done
run bench peak --output /dev/full/no
is "$code" 1 'a file that cannot be written'
is "$(cat out)" '' 'is said before anything is measured'
run bench --help
words=$(tr -s ' \n' ' ' <out)
for case in $("$program" completion bash | tr -s " \"'" '\n' | grep -- '-b[0-9]*$' | sort -u); do
    case $words in *"$case"*) result 0 "the help names $case" ;; *) result 1 "the help names $case" ;; esac
done
t_done
