#!/bin/sh
# Places that cannot be written, disks that are full: said, and nothing is corrupt.
# shellcheck source=tests/support/t.sh
. "$(dirname "$0")/../support/t.sh"
# shellcheck source=tests/support/study.sh
. "$tests/support/study.sh"

tiny 2 20
mkdir readonly
cp note.md readonly/
chmod 755 "$work" readonly

# As somebody who may not write there.
if [ "$(id -u)" -eq 0 ]; then
    cp "$program" ermine
    chmod 755 ermine
    other() {
        setpriv --reuid=65534 --regid=65534 --clear-groups "$work/ermine" "$@"
    }
else
    chmod a-w readonly
    other() {
        "$program" "$@"
    }
fi
if [ "$(id -u)" -ne 0 ] || setpriv --reuid=65534 --regid=65534 --clear-groups true 2>/dev/null; then
    other run readonly/note.md >out 2>err
    is $? 1 'a folder that cannot be written'
    has err 'readonly/note.html' 'is named'
    has err '--store FILE' 'with the way out'
    mkdir open
    chmod 777 open
    other run readonly/note.md --output open/page.html >out 2>err
    is $? 1 'a store that cannot be written'
    has err 'readonly/.ermine' 'is named'
    other run readonly/note.md --store open/results.db >out 2>err
    is $? 1 'a page that cannot be written'
    has err 'readonly/note.html' 'is named'
    is "$(cat out)" '' 'before anything is computed'
    echo '<meta name="generator" content="ermine 0">' >readonly/note.html
    chmod a+w readonly/note.html
    other run readonly/note.md --store open/results.db >out 2>err
    is $? 1 'a page that is there and cannot be replaced'
    is "$(cat out)" '' 'is no reason to compute either'
    rm -f readonly/note.html
    other run readonly/note.md --store open/results.db --output open/page.html >out 2>err
    is $? 0 'all of it elsewhere'
    has out '8 computed' 'with its results'
else
    printf '# cannot become another user here\n'
fi
chmod u+w readonly

run run note.md --store "$work/readonly/note.md"
is "$code" 1 'a store that is no store'
has err 'note.md' 'is named'
has readonly/note.md 'study: spirals' 'and is left as it was'

# A disk of half a megabyte, which takes the store but not all of the results; then a larger one.
run run note.md --store whole.db
results whole.db whole
mkdir small
cat >on_small_disk.sh <<SMALL
set -e
mount -t tmpfs -o size=160k tmpfs small
"$program" run note.md --store small/results.db --output small/page.html >out 2>err && code=0 || code=\$?
echo \$code >code
mount -o remount,size=16m small
"$program" run note.md --store small/results.db --output small/page.html >out2 2>err2
cp small/results.db again.db
SMALL
if unshare -m true 2>/dev/null && unshare -m sh -c "mount -t tmpfs tmpfs '$work/small'" 2>/dev/null; then
    unshare -m sh on_small_disk.sh
    is $? 0 'when there is room again, the same command goes on'
    is "$(cat code)" 1 'a full disk is a failure'
    has err 'o space left' 'and is said'
    results again.db again
    same again whole 'to the bits of a run that had room'
else
    printf '# cannot mount a small disk here\n'
fi
t_done
