#!/bin/sh
# bench/ranking_table.sh PROGRAM NOTE STORE: the studies of a note that rank measures, as tables of Markdown: a line a measure,
# by falling Psi, with the intervals of tau-a, Psi and K.
set -eu
program=$1 note=$2 store=$3
awk '/^```ermine/ { block = 1; next } /^```/ { block = 0 }
     block && /^study:/ { name = $2 } block && /^rank:/ { print name }' "$note" |
    while read -r study; do
        printf '\nMeasures by the study `%s`, with 95 %% intervals over configurations:\n\n' "$study"
        printf '| measure | tau-a | Psi | K | robust sign error | mean sign error | PGDL |\n|:--|--:|--:|--:|--:|--:|--:|\n'
        "$program" show --study "$study" --store "$store" --csv "$note" | awk -F, '
            function with_interval(c) { return sprintf("%.3f [%.3f, %.3f]", $at[c], $at[c "_low"], $at[c "_high"]) }
            function number(c, form) { return $at[c] == "" ? "-" : sprintf(form, $at[c]) }
            NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
            $at["tau_a"] != "" {
                printf "%.9f\t| `%s` | %s | %s | %s | %s | %s | %s |\n", $at["psi"], $at["rank.measure"], with_interval("tau_a"),
                    with_interval("psi"), with_interval("cmi"), number("robust_sign_error", "%.3f"),
                    number("sign_error_mean", "%.3f"), number("pgdl", "%.2f")
            }' | sort -t "$(printf '\t')" -k 1,1 -g -r | cut -f 2
    done
