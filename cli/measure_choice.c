/* measure_choice.c - which measures a command computes. */
#include "measure_choice.h"
#include "cli.h"

#include <ermine/memory.h>

#include <stdio.h>
#include <string.h>

static bool is(const char *name, const char *word, size_t n)
{
    return name && strlen(name) == n && memcmp(name, word, n) == 0;
}

/* False when the word names nothing. */
static bool mark(const struct er_measure *const *list, int64_t n, const char *word, size_t length,
                 bool *chosen)
{
    bool found = false;
    for (int64_t i = 0; i < n; i++) {
        if (!is("all", word, length) && !is(list[i]->name, word, length) &&
            !is(list[i]->family, word, length))
            continue;
        found = chosen[i] = true;
    }
    return found;
}

/* "there is no measure ..., did you mean ...?" */
static int refuse(const struct cli_args *args, const char *word, size_t length)
{
    int64_t n;
    const struct er_measure *const *list = er_measure_list(&n);
    const char **words = er_alloc(2 * n, sizeof *words);
    char text[64], hint[CLI_HINT] = "";
    snprintf(text, sizeof text, "%.*s", length < sizeof text ? (int)length : (int)sizeof text - 1, word);
    for (int64_t i = 0; words && i < n; i++) {
        words[2 * i] = list[i]->name;
        words[2 * i + 1] = list[i]->family ? list[i]->family : list[i]->name;
    }
    if (words) cli_hint(text, words, 2 * n, hint);
    er_free(words);
    return cli_usage(args->command, "there is no measure, and no family of measures, \"%s\"%s", text, hint);
}

int measure_choice(const struct cli_args *args, bool *chosen)
{
    static const char between[] = ", \t\n";
    int64_t n;
    const struct er_measure *const *list = er_measure_list(&n);
    const bool given = cli_given(args, "measures");
    for (int64_t i = 0; i < n; i++) chosen[i] = !given && list[i]->cost < ER_COST_TRAINING;
    for (int g = 0; g < args->n_given; g++) {
        const char *at = args->given[g].value;
        if (strcmp(args->given[g].option->name, "measures") != 0) continue;
        if (at[strspn(at, between)] == '\0') return cli_usage(args->command, "--measures names none");
        for (at += strspn(at, between); *at; at += strspn(at, between)) {
            const size_t length = strcspn(at, between);
            if (!mark(list, n, at, length, chosen)) return refuse(args, at, length);
            at += length;
        }
    }
    return CLI_DONE;
}
