#!/bin/sh
# `ermine run --check`: what is stored comes out again, and one changed number is found and named.
# shellcheck source=tests/support/t.sh
. "$(dirname "$0")/../support/t.sh"
# shellcheck source=tests/support/study.sh
. "$tests/support/study.sh"

tiny 2 20
run run note.md --check
is "$code" 3 'without a store there is nothing to compare'
has err 'no results yet' 'which is said'
test ! -e .ermine
result $? 'and none is made'

run run note.md --quiet
before=$(sha256sum .ermine/results.db note.html)
run run note.md --check --threads 2
is "$code" 0 'a sample is equal'
has out 'spirals: 3 of 8 stored runs computed again, ' 'three runs of a study by default'
has out ' numbers equal to the bit; ' 'and all their numbers'
run run note.md -c --sample all
has out 'spirals: 8 of 8 stored runs' 'or all of them'
run run note.md --check --sample 1 --sample-seed 5 --quiet
is "$code:$(cat out err)" '0:' '--quiet says nothing where nothing differs'
is "$(sha256sum .ermine/results.db note.html)" "$before" 'store and page stay as they are'

run run note.md --check --dry-run
is "$code" 2 '--dry-run computes nothing'
run run note.md --check --output page.html
is "$code" 2 'a check writes no page'
run run note.md --sample 3
is "$code" 2 'a sample is of a check'
run run note.md --check --sample none
is "$code" 2 'a sample is a number or all'

# Another note on the same store: its runs are not there.
sed 's/epochs: 20/epochs: 30/' note.md >other.md
run run other.md --check
is "$code" 3 'nothing to compare'
has err '8 of 8 runs are not in the store' 'the runs are not stored'

# One number of one run, changed by another program.
python=$(command -v python3) || python=
if [ -n "$python" ]; then
    "$python" - <<'PYTHON'
import sqlite3
db = sqlite3.connect(".ermine/results.db")
run, = db.execute("SELECT id FROM runs WHERE point LIKE '%rate = 0.2%' AND point LIKE '%noise = 0.1%'"
                  " AND point LIKE '%seed = 1%'").fetchone()
db.execute("UPDATE results SET value = value * (1 + 2.3e-16) WHERE run = ? AND name = 'train_loss'", (run,))
db.commit()
PYTHON
    run run note.md --check --sample all
    is "$code" 1 'a number changed in its last place'
    has out '1 of them differs' 'is a difference'
    grep -Eq '^ *0\.1 +0\.2 +1 +train_loss +- +1 +0\.[0-9]+ +0\.[0-9]+ *$' out
    result $? 'and the table says where, and both values'
    "$python" - <<'PYTHON'
import sqlite3
db = sqlite3.connect(".ermine/results.db")
db.execute("UPDATE runs SET key = 'x' || id, point = replace(point, 'isa = ', 'isa = other-')")
db.commit()
PYTHON
    run run note.md --check
    is "$code" 3 'results of another instruction set are not compared'
    has err '8 runs stored with the arithmetic of other-' 'but explained'
else
    printf '# no python3 here to change a number with\n'
fi
t_done
