#!/bin/sh
# `ermine run` of a book: every chapter is run with its own store, and one folder holds the pages.
# shellcheck source=tests/support/t.sh
. "$(dirname "$0")/../support/t.sh"

study() { # study NAME: a study of one run
    printf '```ermine\nstudy: %s\ndata:  {name: two-spirals, train: 100, test: 50}\n' "$1"
    printf 'model: [dense 2, tanh, dense]\ntrain: {epochs: 1}\n```\n'
}

mkdir -p lectures/more
cat >lectures/book.md <<'NOTE'
---
title: Lectures
type: book
---

## One

- [First](first.md)
- 10:00 [Second](more/second.md#end) (room 1)

## Two

- [Missing](missing.md)
- [Outside](../outside.md)
- [Broken](broken.md)
NOTE
{
    echo '# The first'
    echo
    echo 'Prose of the first; then [the second](more/second.md).'
    echo
    study one
} >lectures/first.md
{
    echo '# The second'
    echo
    study two
} >lectures/more/second.md
printf '# Latin\n\377\n' >lectures/broken.md

run run lectures/book.md
is "$code" 3 'a book with chapters that are missing, outside and broken'
is "$(tail -n 1 out)" lectures/book/index.html 'the last line is the page of the book'
has err 'lectures/book.md:13: there is no chapter lectures/missing.md' 'a missing chapter has the line of its link'
has err 'lectures/book.md:14: ../outside.md is outside of the book' 'so has one outside of the folder'
has err 'broken.md:2:1: not UTF-8' 'a broken one has its own'
is "$(ls lectures/book)" 'first.html
index.html
more-second.html' 'the rest is built'
has out 'one: 1 run, 1 computed' 'the first chapter has run'
has out 'two: 1 run, 1 computed' 'and the second'
test -s lectures/.ermine/results.db && test -s lectures/more/.ermine/results.db
result $? 'each with the store beside it'
has lectures/book/index.html '<title>Lectures</title>' 'the page of the book'
has lectures/book/index.html '"next":{"href":"first.html","text":"First"}' 'leads to the first chapter'
has lectures/book/first.html 'id="study-one"' 'a chapter has its study'
has lectures/book/first.html '"previous":{"href":"index.html","text":"Lectures"}' 'and leads back'
has lectures/book/first.html '"next":{"href":"more-second.html","text":"Second"}' 'and on, past nothing'
has lectures/book/first.html '"more/second.md":"more-second.html"' 'it is told where links lead'
has lectures/book/more-second.html '"../first.md":"first.html"' 'from the folder of each chapter'
has lectures/book/more-second.html 'Prose of the first; then the second.' 'and what there is to search'

sed -i '/missing\|outside\|broken/d' lectures/book.md
run run lectures/more/second.md --quiet
is "$code: $(cat out)" '0: lectures/more/second.html' 'a chapter by itself is a note'
run run lectures/book.md
is "$code" 0 'a book'
has out 'two: 1 run, 0 computed, 1 found' 'finds the results of its chapters'
run run lectures/book.md --quiet --output pages
is "$code: $(cat out)" '0: pages/index.html' '--output names the folder'
is "$(ls pages)" 'first.html
index.html
more-second.html' 'and has all pages'
rm -r lectures/book
echo mine >lectures/book
run run lectures/book.md
is "$code" 2 'a file in the place of the folder'
rm lectures/book
mkdir lectures/book
echo mine >lectures/book/first.html
run run lectures/book.md
is "$code: $(cat lectures/book/first.html)" '2: mine' "a page of somebody else's stays"
test ! -e lectures/book/index.html
result $? 'and nothing is written'
rm -r lectures/book
run run lectures/book.md --dry-run
is "$code" 0 'a dry run'
has out 'two: 1 run, 1 found, 0 to compute' 'says what each chapter would take'
test ! -e lectures/book
result $? 'and writes nothing'
printf -- '---\ntype: book\n---\nno list\n' >empty.md
run run empty.md
is "$code: $(cat out)" '0: empty/index.html' 'a book without chapters has one page'
has err 'empty.md has no chapter' 'and that is said'
t_done
