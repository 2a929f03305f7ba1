#!/bin/sh
# `ermine measure`: of a network that PyTorch saved, beside what NumPy says of the same file; of our own; what it refuses.
# shellcheck source=tests/support/t.sh
. "$(dirname "$0")/../support/t.sh"

# number NAME: the value of a measure in JSON
number() { sed -n "s/.*{\"measure\": \"$1\",.*\"value\": \([-0-9.e+]*\),.*/\1/p" out; }

golden=$tests/data/golden/measured
mkdir -p sets/fashion-mnist
cp "$golden"/*.gz sets/fashion-mnist
cp "$golden"/*.safetensors "$golden/measured.txt" .
model='[conv 4 5x5, batch_norm, relu, max_pool 7, flatten, dense 8, relu, dense]'
of_pytorch() { # of_pytorch OPTIONS...
    run measure net.safetensors --folder sets --data fashion-mnist --standardise none --model "$model" "$@"
}
of_pytorch --init init.safetensors --measures "$(cut -d' ' -f1 measured.txt)" --json
is "$code" 0 'a network of PyTorch is measured'
has err 'fashion-mnist: 40 train and 20 test examples, not standardised' 'on what is said'
while read -r name value; do
    # float32 weights, folded, and outputs, beside float64
    echo "$(number "$name") $value" | awk '{ d = ($1 - $2) / $2; exit !(NF == 2 && d < 1e-5 && d > -1e-5) }'
    result $? "$name: $(number "$name"), NumPy: $value"
done <measured.txt
of_pytorch --measures pgdl --threads 1 --json
cp out one
of_pytorch --measures pgdl --threads 3 --json
same out one 'the same bits on three threads'
of_pytorch --measures augment_margin --json --seed 3
mine=$(number augment_margin)
of_pytorch --measures augment_margin --json --seed 4
is "$([ "$mine" = "$(number augment_margin)" ] && echo same)" '' 'another seed, another draw'

# The report: values, guarantees, what is not defined.
pytorch="--folder sets --data fashion-mnist --standardise none"
report='parameter_count,frobenius_distance,test_set_bound,parameter_bound,golowich_bound,inverse_margin'
# shellcheck disable=SC2086
say measure net.safetensors $pytorch --model "$model" --init init.safetensors --measures "$report"
# shellcheck disable=SC2086
say measure net.safetensors $pytorch --model "$model" --measures "$report,mixup_performance" --threads 1 --quiet
# shellcheck disable=SC2086
say measure net.safetensors $pytorch --model "$model" --measures 'parameter_count norm' --measures param_nrm
# shellcheck disable=SC2086
say measure net.safetensors $pytorch --model "$model" --measures ' '
# shellcheck disable=SC2086
say measure net.safetensors $pytorch --model '[dense]'
say measure net.safetensors
say measure absent.safetensors --data two-spirals
say measure
say measure net.safetensors --seed -1

# Of our own: nothing has to be said, and the gap is that of the run.
cat >note.yaml <<'STUDY'
study: spirals
data:  {name: two-spirals, train: 60, test: 50, noise: 0.3}
model: [dense 8, relu, dense]
train: {sgd: {rate: 0.1, batch: 10}, epochs: 5, keep: [init, end]}
measures: [param_norm, frobenius_distance, vc_bound]
STUDY
run run note.yaml
run show note.yaml --json
grep '"outcome":' out >row
file=$(find .ermine/networks -name '*-end.safetensors')
run measure "$file" --init "${file%-end.safetensors}-init.safetensors" --measures norms,vc_bound --json
for name in param_norm frobenius_distance vc_bound; do
    is "$(number $name)" "$(sed -n "s/.*\"$name\": \([-0-9.e+]*\).*/\1/p" row)" "$name is the study's"
done
run measure "$file"
is "$code" 0 'all that is cheaper than a training'
has out 'needs the initial weights: --init FILE gives them' 'advice'
is "$(grep -c lambda_max out)" 0 'and nothing else'
# A PAC-Bayes bound is of the stochastic network, and has its error beside it: no gap, and its condition.
run measure "$file" --init "${file%-end.safetensors}-init.safetensors" --measures pac_bayes_bound,vc_bound,test_set_bound
has out 'Guarantees for the stochastic network' 'guarantees of another network are apart'
has out 'of --init, around which the prior is, has not seen the training examples' 'with their condition'
has out 'All 3 bounds hold at once, and so the least of them, with probability 0.85.' 'and what the least of several is worth'
is "$(sed -n '/^Guarantees, each/,/^Guarantees for/p' out | grep -c pac_bayes)" 0 'no gap of the network is guaranteed'
run measure "$file" --init "${file%-end.safetensors}-init.safetensors" --measures pac_bayes_bound,vc_bound --json
has out '"bound_of": "stochastic network", "guaranteed_gap": null' 'in JSON'
has out '"bound_of": "network", "guaranteed_gap": ' 'beside another'
run measure "$file" --init "$file" --measures frobenius_distance
has err '--init is the same network: a prior around it has seen what it learned' 'the end in place of the beginning is told'
cp "$file" ours.safetensors
# Another model's network is no beginning of this one, by its own words or by its shapes.
sed 's/dense 8, relu/dense 8, tanh/' note.yaml >other.yaml
run run other.yaml --store other/results.db
cp "$(find other/networks -name '*-init.safetensors')" other.safetensors
say measure ours.safetensors --init other.safetensors
say measure ours.safetensors --init net.safetensors
# A prior that has seen the data guarantees nothing: the end itself, another seed's beginning, another program's file with the same
# weights.
say measure ours.safetensors --init ours.safetensors
sed 's/study: spirals/study: seeds/; $a seeds: [7]' note.yaml >seeds.yaml
run run seeds.yaml --store seeds/results.db
cp "$(find seeds/networks -name '*-init.safetensors')" seven.safetensors
say measure ours.safetensors --init seven.safetensors
# shellcheck disable=SC2086
say measure net.safetensors $pytorch --model "$model" --init net.safetensors --measures bounds
# Training data alone: no test, and all rows are of training.
awk 'BEGIN { print "a,b,label"; for (i = 0; i < 30; i++) print i % 7 "," i % 5 "," i % 2 }' >rows.csv
say measure ours.safetensors --data rows.csv --test 0 --measures parameter_bound,test_set_bound
say measure ours.safetensors --data rows.csv --test 0 --train 31 --measures parameter_bound
transcript measure.txt
t_done
