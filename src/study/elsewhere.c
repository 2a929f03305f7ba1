/* elsewhere.c - compares the texts behind the keys (key.c), less the lines that say how and on which bytes.
 *
 * The settings of a run come before the line `experiment = `. Two texts that agree up to there are one
 * condition and seed, computed by another arithmetic, on another instruction set or on other bytes of data.
 */
#include "study/elsewhere.h"

#include "study/database.h"

#include <ermine/memory.h>
#include <ermine/version.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The hash of the settings of a run that is missing. */
struct wanted {
    char settings[ER_SHA256_HEX];
    const char *rest; /* the text behind them */
    bool seen;
};

struct search {
    struct wanted *wanted;
    int64_t n;
    struct er_arena *texts;
};

static const char *rest_of(const char *text)
{
    const char *at = strstr(text, "\nexperiment = ");
    return at ? at + 1 : text + strlen(text);
}

/* The value of `name` in a text of lines, `length` bytes of it; "" when there is none. */
static const char *value_of(const char *text, const char *name, size_t *length)
{
    const size_t n = strlen(name);
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, name, n) != 0 || strncmp(line + n, " = ", 3) != 0) continue;
        *length = strcspn(line + n + 3, "\n");
        return line + n + 3;
    }
    *length = 0;
    return "";
}

static bool agree(const char *a, const char *b, const char *name)
{
    size_t n, m;
    const char *x = value_of(a, name, &n), *y = value_of(b, name, &m);
    return n == m && memcmp(x, y, n) == 0;
}

static int by_settings(const void *a, const void *b)
{
    return strcmp(((const struct wanted *)a)->settings, ((const struct wanted *)b)->settings);
}

static enum er_status open_search(const struct er_job *job, const int64_t *run, int64_t n, struct search *s,
                                  struct er_error *err)
{
    enum er_status status = er_arena_new(SIZE_MAX / 2, &s->texts, err);
    if (status != ER_OK) return status;
    s->wanted = er_alloc(n, sizeof *s->wanted);
    if (!s->wanted) return er_fail(err, ER_E_NOMEM, "study %s: out of memory for its runs", job->name);
    for (; s->n < n; s->n++) {
        struct wanted *w = &s->wanted[s->n];
        char *text;
        status = job->canonical(job, run[s->n], &text, err);
        if (status != ER_OK) return status;
        const char *rest = rest_of(text);
        er_sha256(text, (size_t)(rest - text), w->settings);
        w->rest = er_arena_strdup(s->texts, rest);
        er_free(text);
        if (!w->rest) return er_fail(err, ER_E_NOMEM, "study %s: out of memory for its runs", job->name);
    }
    qsort(s->wanted, (size_t)s->n, sizeof *s->wanted, by_settings);
    return ER_OK;
}

static void close_search(struct search *s)
{
    er_free(s->wanted);
    er_arena_free(s->texts);
}

/* A run of the store whose settings may be wanted. */
static void meet(struct search *s, const char *text, const char *version, struct er_recheck *out)
{
    struct wanted key;
    const char *rest = rest_of(text);
    er_sha256(text, (size_t)(rest - text), key.settings);
    struct wanted *w = bsearch(&key, s->wanted, (size_t)s->n, sizeof *s->wanted, by_settings);
    if (!w || w->seen) return;
    w->seen = true;
    if (!agree(rest, w->rest, "isa")) {
        size_t n;
        const char *isa = value_of(rest, "isa", &n);
        if (n >= sizeof out->isa) n = sizeof out->isa - 1;
        if (out->of_isa++ == 0) snprintf(out->isa, sizeof out->isa, "%.*s", (int)n, isa);
    } else if (!agree(rest, w->rest, "experiment") || !agree(rest, w->rest, "versions")) {
        if (out->of_arithmetic++ == 0) snprintf(out->version, sizeof out->version, "%s", version);
    } else if (!agree(rest, w->rest, "checksum")) {
        out->of_data++;
    }
}

enum er_status er_elsewhere(struct er_store *store, const struct er_job *job, const int64_t *run, int64_t n,
                            struct er_recheck *out, struct er_error *err)
{
    struct search s = {0};
    sqlite3_stmt *statement = NULL;
    bool row = false;
    if (n == 0) return ER_OK;
    enum er_status status = open_search(job, run, n, &s, err);
    if (status != ER_OK) goto done;
    status = er_sql_begin(store, false, err);
    if (status != ER_OK) goto done;
    status = er_sql_open(store, "SELECT point, version FROM runs ORDER BY id DESC", NULL, &statement, err);
    while (status == ER_OK && (status = er_sql_next(store, statement, &row, err)) == ER_OK && row)
        meet(&s, er_sql_text(statement, 0), er_sql_text(statement, 1), out);
    status = er_sql_end(store, status, err);
done:
    close_search(&s);
    return status;
}
