#!/bin/sh
# `ermine watch`: the page follows its note, however it is saved; mistakes do not end it; Ctrl-C does, and kill -9
# leaves a whole store. ERMINE_KILLS sets how often it is killed (20 in a soak test).
# shellcheck source=tests/support/t.sh
. "$(dirname "$0")/../support/t.sh"
# shellcheck source=tests/support/study.sh
. "$tests/support/study.sh"
command -v curl >/dev/null || skip 'curl is not here'

note=note.md
# start [OPTION...]: the program with $note, in the background; $pid and its address, $url.
start() {
    rm -f address
    "$program" watch "$note" "$@" >address 2>messages &
    pid=$!
    tries=0
    until [ -s address ] || [ $tries -ge 600 ]; do
        sleep 0.05
        tries=$((tries + 1))
    done
    url=$(cat address)
}

get() {
    curl --silent --max-time 20 "$@"
}

# shows TEXT NAME: the page comes to hold TEXT within half a minute.
shows() {
    tries=0
    until get "${url}content" | grep -qF -- "$1" || [ $tries -ge 600 ]; do
        sleep 0.05
        tries=$((tries + 1))
    done
    get "${url}content" >content
    has content "$1" "$2"
}

# hears TEXT NAME: the stream of events comes to hold TEXT.
hears() {
    tries=0
    until grep -qF -- "$1" events || [ $tries -ge 600 ]; do
        sleep 0.05
        tries=$((tries + 1))
    done
    has events "$1" "$2"
}

tiny 2 100
start
has address 'http://127.0.0.1:' 'it prints its address'
has messages 'watching note.md; Ctrl-C ends it' 'and says what it does'
get --dump-header head "$url" >whole
has head '200 OK' 'the page'
has head 'X-Content-Type-Options: nosniff' 'with its headers'
has whole '# A test' "has the note's text"
has whole '<script>' 'its script'
has whole "connect-src 'self'" 'and may ask its server'
get "${url}content" >content
has content '# A test' 'the page without its script'
! grep -qF '<script>' content
result $? 'has none'
test "$(wc -c <content)" -lt "$(wc -c <whole)"
result $? 'and is smaller'
curl --silent --no-buffer "${url}events" >events &
listener=$!
hears 'event: page' 'a client hears which version there is'
hears 'event: progress' 'and what is computed'
hears 'event: error' 'and that there is no mistake'
shows 'data-status="computed"' 'the study is computed'
hears '{"study":null}' 'after which nothing is'
run show note.md --csv
is "$(wc -l <out)" 9 'its results are in the store beside the note'

# As editors save: in place, by renaming over, by renaming away, by removing and making.
printf '\nSaved in place.\n' >>note.md
shows 'Saved in place.' 'saved in place'
{ cat note.md; printf '\nRenamed over.\n'; } >note.tmp && mv note.tmp note.md
shows 'Renamed over.' 'renamed over'
mv note.md note.md~ && { cat note.md~; printf '\nRenamed away.\n'; } >note.md
shows 'Renamed away.' 'renamed away and written anew'
cp note.md kept.md && rm note.md && sleep 0.1 && { cat kept.md; printf '\nMade again.\n'; } >note.md
shows 'Made again.' 'removed and made again'
sed -i 's/Made again/Edited by sed/' note.md
shows 'Edited by sed.' 'edited by sed -i'
get "${url}content" >content
grep -qE 'data-status="(computed|stored)"' content
result $? 'the results are there all the while'
is "$(grep -c ' computed' messages)" 1 'and were computed once'
test "$(grep -c 'event: page' events)" -ge 6
result $? 'each save was heard of'

# A study is changed.
sed -i 's/seeds: 2/seeds: 3/' note.md
tries=0
until "$program" show note.md --csv 2>/dev/null | awk 'END { exit NR != 13 }' || [ $tries -ge 600 ]; do
    sleep 0.05
    tries=$((tries + 1))
done
run show note.md --csv
is "$(wc -l <out)" 13 'one seed more is computed'
shows '<dt>seeds</dt><dd>0 to 2' 'and on the page'

# Mistakes.
cp note.md good.md
sed -i 's/seeds: 3/sedes: 3/' note.md
shows 'did you mean' 'a misspelt key stands on the page'
cat good.md good.md >note.md
hears 'two studies are called' 'a note that is none is news'
rm note.md
hears 'cannot read note.md' 'and so is one that is not there'
cp good.md note.md
printf '\nMended.\n' >>note.md
shows 'Mended.' 'mended, all goes on'
kill -0 $pid
result $? 'nothing of this ended it'

# Who is not of this machine.
is "$(get --output /dev/null --write-out '%{http_code}' --header 'Host: evil.example' "$url")" 421 'a stranger by name'
is "$(get --output /dev/null --write-out '%{http_code}' --header 'Origin: http://evil.example' "$url")" 403 "a stranger's page"
port=${url##*:}
run watch note.md --port "${port%/}"
is "$code" 1 'a port in use'
has err 'is in use' 'is said'

kill -INT $pid
wait $pid
is $? 130 'Ctrl-C ends it, with 130'
wait $listener
is $? 0 'and the stream of events ends as it should'

# While it computes: at once.
sed -i 's/epochs: 100/epochs: 10000000/' note.md
start
shows 'data-status=' 'a long study'
printf '\nWhile it computes.\n' >>note.md
shows 'While it computes.' 'the page answers'
kill -TERM $pid
wait $pid
is $? 130 'and it ends when it is asked to'

# kill -9 at random moments, while the note is saved: the store is whole.
tiny 8 1000
began=$(date +%s.%N)
run run note.md --store whole.db
ended=$(date +%s.%N)
results whole.db whole
kills=${ERMINE_KILLS-4}
i=0
while [ $i -lt "$kills" ]; do
    i=$((i + 1))
    start --store killed.db
    printf '\nSave %d.\n' $i >>note.md
    sleep "$(awk -v i=$i -v n="$kills" -v began="$began" -v ended="$ended" \
        'BEGIN { srand(i); print 0.01 + 2 * rand() * (ended - began) / n }')"
    kill -9 $pid
    wait $pid 2>/dev/null
    is $? 137 "killed, $i"
done
run run note.md --store killed.db
is "$code" 0 'after kill -9 all that lacks is computed'
results killed.db resumed
same resumed whole 'to the bits of an undisturbed run'

# What it does not take.
run watch
is "$code" 2 'no note'
run watch .
is "$code" 3 'a folder'
mkfifo pipe.md
run run pipe.md
is "$code" 3 'a pipe is no note: run does not wait for it'
note=pipe.md
start
shows 'not a regular file' 'nor does watch, which says so on the page'
kill -TERM $pid
wait $pid
is $? 130 'and ends when it is told to'
run watch note.md --port 70000
is "$code" 2 'a port that is none'
t_done
