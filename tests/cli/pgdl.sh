#!/bin/sh
# `ermine pgdl`: a task in the organisers' layout, and tasks made of a study's networks.
# shellcheck source=tests/support/t.sh
. "$(dirname "$0")/../support/t.sh"

expect() { # expect CODE WORDS: the program ends with that code
    want=$1
    shift
    run "$@"
    is "$code" "$want" "$* ends with $want"
}

cp -r "$tests/pgdl/task" theirs

# The organisers' layout: scores, values that are kept, a table for `ermine rank`.
run pgdl theirs --measures parameter_count,cross_entropy
has out 'measure' 'a table of scores'
has out 'cross_entropy' 'with a row for each measure'
run pgdl theirs --measures parameter_count,cross_entropy,test_set_bound --csv
is "$(head -n 1 out)" \
    'network,convwidth,dense,train_acc,test_acc,gap,measured_train_acc,parameter_count,test_set_bound,cross_entropy' 'a head'
is "$(sed -n 's/^model_3,//p' out | cut -d, -f1-5)" '4,128-128,0.5,0.3,0.2' 'a row for each model'
is "$(cut -d, -f4 out)" "$(cut -d, -f7 out | sed 's/measured_//')" 'the networks do here what NumPy says that they do'
has err 'test_set_bound has no value for 4 of 4 models; model_1: ' 'what can not be had is said with the reason'
is "$(grep -c parameter_count theirs/.ermine/measures.tsv)" 4 'what is there is not computed again'
run pgdl theirs theirs --measures cross_entropy --json
is "$(grep -c '"task": "theirs"' out)" 2 'several tasks'
has out '"task": "mean"' 'and their mean'

# What is refused.
expect 2 pgdl theirs theirs --csv
has err 'hyper-parameters of two differ' 'a table of two tasks'
expect 2 pgdl theirs --measures path_nrom
has err 'did you mean "path_norm"' 'a measure that is none'
expect 3 pgdl nowhere
has err 'nowhere/model_configs.json' 'a folder that is none'
mv theirs/model_2/weights.hdf5 kept
run pgdl theirs --measures parameter_count
has err 'parameter_count has no value for 1 of 4 models; model_2: ' 'a model without weights is left out'
printf 'something else, of more than eight bytes' >theirs/model_2/weights.hdf5
run pgdl theirs --measures parameter_count
has err 'no HDF5 file' 'and one whose file is another'
mv kept theirs/model_2/weights.hdf5

# A task of our own: kept networks, and their data by name.
cat >zoo.yaml <<'STUDY'
study: zoo
data:  {name: two-spirals, train: 60, test: 50, noise: 0.3}
model: [mlp 4, mlp 8]
train: {sgd: {rate: [0.1, 0.2], batch: 10}, epochs: 3, keep: [init, end]}
measures: [param_norm, frobenius_distance]
seeds: 2
STUDY
run run zoo.yaml
run pgdl export zoo.yaml ours
has out 'ours: 8 models of zoo' 'a model for each run'
run pgdl ours --measures param_norm,frobenius_distance --csv
cp out ours.csv
is "$(head -n 1 out | cut -d, -f1-4)" 'network,model,train.sgd.rate,seed' 'axes are hyper-parameters'
is "$(cut -d, -f5 out)" "$(cut -d, -f8 out | sed 's/measured_//')" 'errors on the training examples are those of the runs'
run show zoo.yaml --csv
awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "param_norm" || $i == "frobenius_distance") c[++n] = i }
    { print $c[1] "," $c[2] }' out >want
cut -d, -f9-10 ours.csv >got
same got want 'and so are the measures, to the last digit'
run pgdl ours --measures param_norm --quiet
has out 'pgdl_strict' 'it is scored'
is "$(grep -c 'no official score' out)" 0 'as a complete grid'
expect 3 pgdl export zoo.yaml ours
has err 'holds a task already' 'a task is not written over'
expect 2 pgdl export zoo.yaml
has err 'export takes a NOTE and the folder' 'a word is missing'
expect 3 pgdl export zoo.yaml other --study zo
has err 'did you mean "zoo"' 'a study that is none'
sed 's/, keep: \[init, end\]//; s/study: zoo/study: bare/; s/epochs: 3/epochs: 2/' zoo.yaml >bare.yaml
run run bare.yaml
expect 3 pgdl export bare.yaml bare
has err 'keeps them' 'networks that were not kept'
sed -i 's/two-spirals/two-spiral/' ours/task.json
expect 3 pgdl ours
has err 'task.json' 'data that there are not'

# Check C12 of the reference on measures: two tasks of a 2 x 2 x 2 grid, whose networks stand for the measure by their number of
# parameters, to the mean score.
cat >eight.yaml <<'STUDY'
study: eight
data:  {name: two-spirals, train: 60, test: 50, noise: 0.3}
model: [mlp 1, mlp 2, mlp 3, mlp 4, mlp 5, mlp 6, mlp 7, mlp 8]
train: {sgd: {rate: 0.1, batch: 10}, epochs: 1, keep: end}
STUDY
run run eight.yaml
grid() { # grid FOLDER MU ...: the networks of each cell, in lexicographic order
    folder=$1
    shift
    run pgdl export eight.yaml "$folder"
    printf '%s\n' "$@" | awk '
        function hyper(name, value) {
            return "\"" name "\": {\"possible_values\": [0, 1], \"current_value\": " value "}"
        }
        BEGIN { split("0.10 0.14 0.12 0.20 0.18 0.16 0.24 0.22", gap, " "); print "{" }
        {
            i = NR - 1
            printf "%s\"model_%s\": {\"hparams\": {%s, %s, %s},\n", i ? "," : "", $1,
                hyper("a", int(i / 4)), hyper("b", int(i / 2) % 2), hyper("c", i % 2)
            printf " \"metrics\": {\"train_acc\": 1, \"test_acc\": %s}}\n", 1 - gap[NR]
        }
        END { print "}" }' >"$folder/model_configs.json"
}
grid first 1 2 4 3 6 5 7 8
grid second 3 1 2 5 4 8 6 7
run pgdl first second --measures parameter_count --json
is "$(awk '/"task": / { match($0, /"pgdl": [0-9.]*/); printf "%.8f ", substr($0, RSTART + 8, RLENGTH - 8) }' out)" \
    '27.19509073 29.80073288 28.49791180 ' 'scores of two tasks, and their mean'

t_done
