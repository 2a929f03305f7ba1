#!/bin/sh
# Networks that studies keep, and `ermine eval`: of our own files and of PyTorch's.
# shellcheck source=tests/support/t.sh
. "$(dirname "$0")/../support/t.sh"

study() { # study KEEP: four runs of five epochs
    cat >note.yaml <<STUDY
study: spirals
data:  {name: two-spirals, train: 60, test: 50, noise: 0.3, labels: {corrupt: 0.2}}
model: [dense 8, tanh, batch_norm, dense]
train: {sgd: {rate: [0.1, 0.2], batch: 10}, epochs: 5$1}
seeds: 2
STUDY
}

# number NAME FILE: the value of a column in JSON
number() { sed -n "s/.*\"$1\": \([-0-9.e]*\).*/\1/p" "$2"; }

# Keeping changes no key and no number; what is missing is computed again, and only that.
study ''
run run note.yaml
run show note.yaml --csv
cut -d, -f1-12 out >before
study ', keep: [end, init, 3, 20]'
run run note.yaml
has out '4 runs, 4 computed' 'what is to be kept is computed'
run show note.yaml --csv
cut -d, -f1-12 out >after
same after before 'to the same numbers'
is "$(find .ermine/networks -name '*.safetensors' | wc -l)" 12 'three networks a run: epoch 20 is never reached'
run run note.yaml
has out '0 computed, 4 found' 'a second run finds them'
cp -r .ermine/networks first
rm .ermine/networks/spirals/*-epoch-3.safetensors
run show note.yaml --networks --csv
is "$(grep -c 'epoch-3,3,$' out)" 4 'a file that is gone is not named'
run run note.yaml
has out '4 computed' 'and computed again'
diff -r first .ermine/networks >/dev/null
result $? 'to the same bytes'
run show note.yaml --networks
has out '.ermine/networks/spirals' 'the table says where they are'
study ', keep: [end, 2, 2]'
run run note.yaml
has err "note.yaml:4:71: train.keep: '2' is in the list twice" 'a moment twice'
study ', keep: [ends]'
run run note.yaml
has err "train.keep: 'ends' is none of init end, and no whole number; did you mean end?" 'no moment'
study ', keep: [0]'
run run note.yaml
has err "train.keep: '0' is too small" 'no epoch'
study ', keep: end'
run run note.yaml
has out '0 computed, 4 found' 'fewer are there'

# A file of ours gives the results of its run, to the last digit.
run show note.yaml --json
grep '"outcome":' out >rows
run show note.yaml --networks --csv
sed -n 's/.*,end,5,//p' out >files
while read -r file <&3 && read -r row <&4; do
    echo "$row" >row
    run eval "$file" --json
    is "$(number loss out) $(number error out)" "$(number test_loss row) $(number test_error row)" "$file: test"
    run eval "$file" --json --split train
    is "$(number loss out) $(number error out)" "$(number train_loss row) $(number train_error row)" "and training"
done 3<files 4<rows
is "$(wc -l <files)" 4 'of four runs'
file=$(head -n 1 files)
cp "$file" net.safetensors
has err 'two-spirals: 60 train examples, standardised per feature over 60 training examples; the data of its training' \
    'what is evaluated is said'

say eval net.safetensors --test 20
say eval net.safetensors --data gaussian-mixture --standardise none --loss hinge
say eval net.safetensors --data gaussian-mixture --split all
say eval net.safetensors --data spirals
say eval net.safetensors --data teacher
say eval net.safetensors --model '[dense 9, tanh, batch_norm, dense]'
say eval net.safetensors --standardise some
say eval net.safetensors --names map.txt
say eval note.yaml
say eval absent.safetensors

# A file from elsewhere steers no terminal, and its errors say that they are its own. `forge OLD NEW` writes a
# text of the same length over one in the header, in UTF-8 with JSON's escapes.
forge() { LC_ALL=C sed "s|$1|$2|" net.safetensors >forged.safetensors; }
plain() { # plain NAME: no control character but the line ends
    LC_ALL=C tr -d '\n -~\200-\377' <err >controls
    is "$(wc -c <controls)" 0 "$1"
}
forge '"two-spirals"' '"tt\\u001b[2J"'
run eval forged.safetensors
has err "forged.safetensors: its metadata: data.name: there is no data set 'tt?[2J'" 'an escape is shown as ?'
plain 'and nothing else steers the terminal'
run eval "$(printf 'no\nfile\033[2J\302\233\377é')"
has err 'no?file?[2J???é: No such file' 'names of files are tamed too, and UTF-8 stays'
plain 'on one line'
forge '\[dense 8, tanh' '[dense 8, tanx'
run eval forged.safetensors
has err 'forged.safetensors: its metadata: ' 'a model that is none is said to be of the metadata'
forge 'cross-entropy' 'cross-entropi'
run eval forged.safetensors
has err "forged.safetensors: its metadata: there is no loss 'cross-entropi'" 'and so is a loss'
run eval forged.safetensors --loss nope
has err "ermine eval: there is no loss 'nope'" 'but not what an option says'
forge 'data.train = 60' 'data.train = -6'
run eval forged.safetensors
has err 'forged.safetensors: its metadata: data.train: -6 is too small' 'a setting of the data as well'
run eval net.safetensors --test 99999999999999
is "$code" 2 'an option out of range'
lacks=$(grep -c metadata err)
is "$lacks" 0 'is not the file'"'"'s fault'
run eval net.safetensors --test 999999999999
is "$code" 1 'more examples than memory holds'
has err 'two-spirals: 60 and 999999999999 examples take ' 'are refused'
has err ' MB are available' 'before they are made'

# Numbers that are none are said: the last tensor's last value becomes NaN.
size=$(wc -c <net.safetensors)
{
    head -c $((size - 4)) net.safetensors
    printf '\377\377\377\377'
} >nan.safetensors
run eval nan.safetensors
has err 'nan.safetensors: 1 of its ' 'a NaN is counted'
has err 'numbers is not finite, first in "layers.3.bias"' 'with its tensor'
run eval net.safetensors
is "$(grep -c finite err)" 0 'and nothing is said without one'

# Nor of tensors that no layer takes: a number beyond float32, and one that is none.
{
    printf '\360\0\0\0\0\0\0\0%-240s' '{"head.weight":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},
        "large":{"dtype":"F64","shape":[1],"data_offsets":[16,24]},
        "none":{"dtype":"F32","shape":[1],"data_offsets":[24,28]}}'
    printf '\0\0\200\77\0\0\0\0\0\0\0\0\0\0\200\77' # the identity
    printf '\234\165\0\210\74\344\67\176\377\377\377\377'  # 1e300, NaN
} >unused.safetensors
printf 'layers.0 head\n' >map.txt
run eval unused.safetensors --data two-spirals --model '[dense bias=false]' --names map.txt
is "$code" 0 'tensors that are not used may hold anything'
is "$(grep -c finite err)" 0 'without a word'

# What has no end is not read to it, and a large file of something else not at all.
run eval /dev/zero
is "$code" 3 'a device without end'
has err '/dev/zero is longer than the 268435456 bytes' 'is read to the bound of streams'
truncate -s 15G sparse.safetensors
run eval sparse.safetensors
has err "sparse.safetensors: safetensors: the header does not begin with '{'" 'a large file that is none'

# A file of PyTorch's: the sum over both parts of the split is what plain Python has found.
golden=$tests/data/golden
cp "$golden"/conv.safetensors "$golden"/conv.npz .
read -r n loss wrong <"$golden/conv.txt"
evaluate() { # evaluate OPTIONS...: "N LOSS WRONG" over both parts
    for part in train test; do
        run eval conv.safetensors --data conv.npz --standardise none --split $part --json \
            --model '[conv 3 3x3, relu, flatten, dense]' "$@"
        echo "$(number examples out) $(number loss out) $(number wrong out)"
    done | awk '{ n += $1; loss += $1 * $2; wrong += $3 } END { printf "%d %.4f %d", n, loss, wrong }'
}
# float32 beside double: sums of 60 terms, twelve losses of some units
is "$(evaluate)" "$(printf '%d %.4f %d' "$n" "$loss" "$wrong")" 'a network of another program, by shapes'
printf 'layers.0 features.0\nlayers.3 classifier # the head\n' >map.txt
is "$(evaluate --names map.txt)" "$(printf '%d %.4f %d' "$n" "$loss" "$wrong")" 'and by a map'
say eval conv.safetensors --data conv.npz
say eval conv.safetensors --model '[dense]'
say eval conv.safetensors --data conv.npz --model '[conv 4 3x3, relu, flatten, dense]'
printf 'layers.0 features.1\n' >map.txt
say eval conv.safetensors --data conv.npz --model '[conv 3 3x3, relu, flatten, dense]' --names map.txt
transcript eval.txt

# No room for a network: the run fails and says where, the file is absent, and with room the run is computed.
cat >large.yaml <<'STUDY'
study: large
data:  {name: two-spirals, train: 20, test: 10}
model: [dense 200000, relu, dense]
train: {epochs: 1, keep: end}
STUDY
(
    trap '' XFSZ
    ulimit -f 4096 # 2 MB
    "$program" run large.yaml --store large/results.db >out 2>err
)
is $? 1 'a network that does not fit is a failure'
has err 'large/networks/large/' 'its place is said'
is "$(find large/networks -type f | wc -l)" 0 'nothing is left of it'
run run large.yaml --store large/results.db
has out '1 computed' 'with room it is computed'
is "$(find large/networks -name '*-end.safetensors' | wc -l)" 1 'and kept'

# A path that a file of a network names is not opened.
printf 'x,y\n' >train.csv
awk 'BEGIN { for (i = 0; i < 40; i++) printf "%g,%d\n", i / 10, (i % 3 > 1) }' >>train.csv
cat >table.yaml <<'STUDY'
study: table
data:  {file: train.csv}
model: [dense 3, relu, dense]
train: {epochs: 2, keep: end}
STUDY
run run table.yaml
file=$(find .ermine/networks/table -name '*.safetensors')
run show table.yaml --json
grep '"outcome":' out >row
run eval "$file"
has err 'the network was trained on the file train.csv: --data FILE says where it is' 'a file must be named'
mkdir moved && mv train.csv moved
run eval "$file" --data moved/train.csv --json
is "$(number error out) $(number loss out)" "$(number test_error row) $(number test_loss row)" \
    'and is known by its bytes'
t_done
