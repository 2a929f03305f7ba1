#!/bin/sh
# The list of measures in its forms; docs/measures.md has all of it. `sh tests/cli/measures.sh ERMINE --write` brings that page
# up to date. And a note whose second study ranks the measures of its first.
# shellcheck source=tests/support/t.sh
. "$(dirname "$0")/../support/t.sh"

page=$tests/../docs/measures.md
run list measures --markdown
is "$code" 0 'a table in Markdown'
awk -v begin='<!-- every measure: made by tests/cli/measures.sh -->' -v end='<!-- end of the table -->' -v want=out '
    $0 == begin { print; while ((getline line < want) > 0) print line; skipped = 1; next }
    $0 == end { skipped = 0 }
    !skipped { print }' "$page" >written
if [ "${2-}" = --write ]; then
    cp written "$page"
    exit 0
fi
is "$(grep -c 'every measure: made by' written)" 1 'the page has a place for it'
same "$page" written 'which is up to date'
rows=$(grep -c '^| `' out)
run list measures --json
is "$(grep -c '"name":' out)" "$rows" 'as many in JSON'
has out '"format": "ermine-measures"' 'with its format'
run list measures
is "$(grep -c '; costs ' out)" "$rows" 'and for people'
say list layers --json

cat >note.md <<'NOTE'
# A zoo

```ermine
study: zoo
data:  {name: two-spirals, train: 60, test: 60}
model: [mlp 4 activation=tanh, mlp 16 activation=tanh]
train: {sgd: {rate: [0.1, 0.3], batch: 20}, epochs: 3}
measures: [parameter_count, parameter_bound]
seeds: 2
```

The oracle orders {{ranking: models where measure = oracle}} models with a tau of {{ranking: tau_b where measure = oracle}}.

```ermine
study: ranking
rank:  {study: zoo}
figures: [{mark: bar, x: rank.measure, y: [psi_width, psi_rate]}]
claims:
  - claim: The oracle is right
    rule: tau_b where measure = oracle is 1
  - claim: The number of parameters is the same for all rates
    rule: psi_rate where measure = parameter_count is 0
  - claim: A measure is compared on all models
    rule: min models over measure is 8
```
NOTE
run run note.md --dry-run
has out 'ranking: 7 runs, 0 found, 7 to compute' 'before anything is computed it is known how many measures there are'
say verdicts note.md
run run note.md
is "$code" 0 'it runs'
has out 'zoo: 8 runs, 8 computed' 'the zoo first'
has out 'ranking: 7 runs, 7 computed' 'then a run for each measure and baseline'
say verdicts note.md
run run note.md
has out 'ranking: 7 runs, 0 computed, 7 found' 'the second time nothing is computed'
run run note.md --check --sample all
has out 'ranking: 7 of 7 stored runs computed again' 'and the numbers are the same'
say show note.md --value 'ranking: tau_b where measure = oracle'
sed 's/epochs: 3/epochs: 4/' note.md >longer.md
run run longer.md
has out 'ranking: 7 runs, 7 computed' 'of another zoo it is another'
sed 's/study: zoo}/study: zo}/' note.md >wrong.md
run run wrong.md
has err 'wrong.md:16:16: rank.study: there is no study '"'zo'"' further up in this note; did you mean zoo?' 'a wrong name has its place'
transcript measures.txt
t_done
