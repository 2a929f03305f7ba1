#!/bin/sh
# `ermine rank`: criteria of a table by hand, its formats, and what it refuses.
# shellcheck source=tests/support/t.sh
. "$(dirname "$0")/../support/t.sh"

# The grid of the reference's checks C10 and C11, as a measure that is not the library's.
{
    echo a,b,c,gap,mine,other
    paste -d, - - - - - - <<'TABLE'
0
0
0
0.10
1
-1
0
0
1
0.14
2
-2
0
1
0
0.12
4
-4
0
1
1
0.20
3
-3
1
0
0
0.18
6
-6
1
0
1
0.16
5
-5
1
1
0
0.24
7
-7
1
1
1
0.22
8
-8
TABLE
} >toy.csv
# Two configurations with three seeds each: check C44.
cat >pair.csv <<'TABLE'
width,seed,gap,path_norm
8,1,0.10,1.0
8,2,0.12,1.2
8,3,0.11,0.9
16,1,0.16,1.1
16,2,0.13,0.8
16,3,0.19,1.5
TABLE
printf 'a,gap,mine\n1,0.1,2\n2,0.2,x\n' >word.csv
printf 'a,gap,mine\n1,0.1,2\n2,0.2\n' >short.csv

say rank
say rank absent.csv
say rank toy.csv
say rank toy.csv --measures mine,ohter
say rank toy.csv --measures mine,other --parameters a,b,c --resamples 0 --baselines oracle
say rank toy.csv --measures mine --baselines oracel
say rank toy.csv --measures mine --seeds apart
say rank toy.csv --measures mine --seeds alone
say rank toy.csv --measures mine --json --csv
say rank pair.csv --baselines canonical --resamples 0
say rank pair.csv --baselines none --least-pairs 7
say rank pair.csv --baselines none --resamples 20 --seeds apart --environments levels --csv
say rank word.csv --measures mine
say rank short.csv --measures mine
transcript rank.txt

run rank toy.csv --measures mine --json --threads 1
has "$work/out" '"cmi": 0.1251430' 'c10: K of the grid'
has "$work/out" '"pgdl": 27.19509' "c11: the organisers' score"
has "$work/out" '"cmi_set": "a"' 'c10: the set of K'
cp "$work/out" one.json
run rank toy.csv --measures mine --json --threads 3
same "$work/out" one.json 'any number of threads gives the same'

t_done
