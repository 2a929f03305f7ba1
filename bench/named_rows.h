/* named_rows.h - the rows of a benchmark, chosen by their names on the command line. A table of rows is an array of structs whose
 * first member is `const char *id`, ended by one without.
 */
#ifndef ERMINE_BENCH_NAMED_ROWS_H
#define ERMINE_BENCH_NAMED_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

struct named_rows {
    const void *rows;
    size_t size; /* of a row */
};

#define NAMED_ROWS(table) ((struct named_rows){(table), sizeof *(table)})

/* Row i's name; NULL behind the last. */
static inline const char *named_rows_id(struct named_rows all, size_t i)
{
    const char *id;
    memcpy(&id, (const char *)all.rows + i * all.size, sizeof id);
    return id;
}

static inline bool named_rows_has(struct named_rows all, const char *id)
{
    size_t i = 0;
    while (named_rows_id(all, i) && strcmp(named_rows_id(all, i), id) != 0) i++;
    return named_rows_id(all, i) != NULL;
}

/* Whether the row of that name is among the n words; all are where there is no word. */
static inline bool named_rows_chosen(const char *id, int n, char *const *word)
{
    bool chosen = n == 0;
    for (int i = 0; i < n; i++) chosen |= strcmp(word[i], id) == 0;
    return chosen;
}

/* "NAME: WHY WORD", how it is called, and the rows, to stderr. The exit status of wrong usage. */
static inline int named_rows_usage(struct named_rows all, const char *name, const char *options,
                                   const char *why, const char *word)
{
    fprintf(stderr, "%s: %s%s\n%s %s [ROW...]; the rows are\n", name, why, word, name, options);
    for (size_t i = 0; named_rows_id(all, i); i++) fprintf(stderr, "    %s\n", named_rows_id(all, i));
    return 2;
}

#endif
