#!/bin/sh
# What studies claim: verdicts in the terminal, as rows, and as exit codes; nothing passes that was not measured.
# shellcheck source=tests/support/t.sh
# shellcheck disable=SC2016 # backquotes are the text that is looked for
. "$(dirname "$0")/../support/t.sh"

cat >note.md <<'NOTE'
# Steps

```ermine
study: steps
data:  {name: two-spirals, train: [20, 100], test: 50}
model: [dense 8, tanh, dense]
train: {epochs: 10}
seeds: 2
claims:
  - claim: More points take more steps
    rule: steps rises along train
    expected: twice as many
    source: arithmetic
  - claim: Nobody trains
    rule: "count is 0 and (train_error where train = 20 is at least 0)"
```
NOTE
sed 's/train = 20 is/train = 30 is/' note.md >absent.md
sed 's/steps rises/stpes rises/; s/study: steps/study: misspelt/' note.md >wrong.md
sed '/Nobody/,/rule:/d; s/study: steps/study: fine/' note.md >fine.md

say verdicts
say verdicts note.md
say verdicts note.md --json --markdown
say verdicts wrong.md
say verdicts nosuch.md
say run note.md --verdicts rows.json --dry-run
transcript claims.txt

run run note.md --verdicts rows.json
is "$code" 0 'a claim that fails is no failure of the run'
has out 'PASS  More points take more steps' 'a verdict below the table'
has out 'expected: twice as many (arithmetic)' 'what was expected'
has out 'FAIL  Nobody trains' 'the other'
has note.html '<strong class="verdict">FAIL</strong> Nobody trains' 'and on the page'
has rows.json '"id": "steps-1"' 'rows'
is "$(grep -c '"seconds": [0-9]' rows.json)" 2 'with the time of the study'
has rows.json '"value": 10.0, "interval": [10.0, 10.0], "seeds": 2, "verdict": "PASS"' 'and numbers'
has rows.json '"value": [4.0, ' 'a list where there are several clauses'

run run note.md --verdicts rows.json --quiet
is "$(grep -c '"seconds": null' rows.json)" 2 'nothing was computed, nothing was timed'
is "$(cat out)" note.html '--quiet prints no verdicts'

run verdicts note.md
is "$code" 1 'a claim that fails is the exit code'
has out '1 PASS, 1 FAIL, 0 not judged' 'the count'
run verdicts note.md --json
is "$(grep -c '"id"' out)" 2 'rows as JSON'
run verdicts note.md --markdown
has out '| Nobody trains | `count is 0 and (train_error where train = 20 is at least 0)` |' 'rows as Markdown'
has out '## Steps' 'under the title of the note'
run show note.md
has out 'PASS  More points take more steps' '`show` has them too'
run show note.md --csv
is "$(grep -c PASS out)" 0 'but not as CSV'

run verdicts fine.md note.md
is "$code" 1 'several notes'
run run fine.md --quiet
run verdicts fine.md
is "$code" 0 'all claims came out'

# A rule of a setting that the study does not have, and a run that is missing.
run run absent.md --quiet
is "$code" 3 'what cannot be judged is an error'
has err 'absent.md:15:' 'with its place'
run verdicts absent.md
is "$code" 3 'and is none that passes'
has out 'NONE  Nobody trains' 'it is not judged'
sed 's/seeds: 2/seeds: 3/' note.md >more.md
run verdicts more.md
is "$code" 3 'runs are missing'
is "$(grep -c 'not judged: 4 of 6 runs are there' out)" 2 'so nothing is judged'
run verdicts more.md --json
is "$(grep -c '"verdict": "NONE"' out)" 2 'as rows too'
t_done
