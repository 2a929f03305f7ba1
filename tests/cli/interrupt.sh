#!/bin/sh
# Interrupted, killed, or two at once: the results are those of one undisturbed run, to the bit.
# ERMINE_KILLS sets how often it is killed (20 in a soak test).
# shellcheck source=tests/support/t.sh
. "$(dirname "$0")/../support/t.sh"
# shellcheck source=tests/support/study.sh
. "$tests/support/study.sh"

tiny 8 1000
began=$(date +%s.%N)
run run note.md --store whole.db
ended=$(date +%s.%N)
is "$code" 0 'an undisturbed run'
results whole.db whole

# Ctrl-C (and TERM): finishes the epoch, stores, says how to go on, writes the page of what is there.
for signal in INT TERM; do
    tries=0 code=0
    while [ $code -eq 0 ] && [ $tries -lt 5 ]; do # on a busy machine all may be done before the signal comes
        rm -f note.html $signal.db*
        "$program" run note.md --store $signal.db --threads 1 >out 2>err &
        pid=$!
        wait_for 1 $signal.db
        kill -$signal $pid 2>/dev/null
        wait $pid
        code=$?
        tries=$((tries + 1))
    done
    is $code 130 "$signal: exit code 130"
    has err 'interrupted in spirals' "$signal: it says so"
    has err 'the same command goes on' "$signal: it says how to go on"
    is "$(cat out)" note.html "$signal: the page is all that is printed"
    has note.html 'data-status="partial"' "$signal: it is of a part of the results"
    has note.html ' of 32 runs are there, from the store.' "$signal: and says so"
    tail -c 20 note.html | grep -q '</html>'
    result $? "$signal: and is whole"
    "$program" show note.md --store $signal.db --csv >part 2>err
    has err 'of 32 runs are in the store' "$signal: some runs are done, some are not"
    run run note.md --store $signal.db
    is "$code" 0 "$signal: the same command goes on"
    results $signal.db resumed
    same resumed whole "$signal: to the bits of an undisturbed run"
done

# kill -9 at random moments, so many that together they are about the time that all of it takes.
kills=${ERMINE_KILLS-4}
killed=0
i=0
while [ $i -lt "$kills" ]; do
    i=$((i + 1))
    "$program" run note.md --store killed.db >/dev/null 2>&1 &
    pid=$!
    sleep "$(awk -v i=$i -v n="$kills" -v began="$began" -v ended="$ended" \
        'BEGIN { srand(i); print 0.01 + 2 * rand() * (ended - began) / n }')"
    kill -9 $pid 2>/dev/null
    wait $pid 2>/dev/null
    [ $? -ne 137 ] || killed=$((killed + 1))
done
test $killed -gt 0
result $? "killed $killed times, of $kills tries, before the end"
run run note.md --store killed.db
is "$code" 0 'after kill -9 the same command goes on'
results killed.db resumed
same resumed whole 'to the bits of an undisturbed run'
run run note.md --store killed.db
has out ' 0 computed, 32 found' 'and then all is there'

# Two at once on one store.
"$program" run note.md --store both.db --output one.html --threads 1 >one 2>&1 &
pid=$!
run run note.md --store both.db --output two.html --threads 1
is "$code" 0 'one of two on the same store'
wait $pid
is $? 0 'the other of the two'
results both.db both
same both whole 'the results of both are those of one'
computed=$(cat one out | sed -n 's/.* \([0-9]*\) computed, .*/\1/p' | awk '{ n += $1 } END { print n }')
is "$computed" 32 'and what both say that they computed is all there was'

# A run that takes long is computed by one of two; the other says that it waits, and can be stopped as well. Neither
# has a result to show then, so there is no page.
tiny 1 10000000
sed -i 's/noise: .*}/noise: 0}/; s/rate: [^]]*]/rate: 0.1/' note.md
rm one.html two.html
for name in one two; do
    "$program" run note.md --store long.db --output $name.html >/dev/null 2>$name &
    eval "$name=\$!"
done
tries=0
until grep -q waiting one two || [ $tries -ge 1200 ]; do
    sleep 0.05
    tries=$((tries + 1))
done
# shellcheck disable=SC2154 # one and two are set by eval
for pid in $one $two; do
    kill -INT "$pid"
    wait "$pid"
    is $? 130 'interrupted while one waits for the other'
done
test ! -e one.html && test ! -e two.html
result $? 'no page without a result'
is "$(cat one two | grep -c 'spirals: waiting for 1 run that another process computes')" 1 'one of two waited, and said so once'
t_done
