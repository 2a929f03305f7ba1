/* copies.c - runs of one job with equal keys: an axis that a part of the grid does not use makes them. */
#include "study/job.h"

#include <ermine/memory.h>
#include <stdlib.h>
#include <string.h>

struct entry {
    const char *key;
    int64_t run;
};

static int by_key_then_run(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    int order = strcmp(x->key, y->key);
    return order ? order : (x->run > y->run) - (x->run < y->run);
}

int64_t *er_job_copies(const struct er_job *job)
{
    int64_t *copies = er_alloc(job->runs, sizeof *copies);
    struct entry *entry = er_alloc(job->runs, sizeof *entry);
    if (!copies || !entry) {
        er_free(copies);
        er_free(entry);
        return NULL;
    }
    for (int64_t i = 0; i < job->runs; i++) entry[i] = (struct entry){job->key[i], i};
    qsort(entry, (size_t)job->runs, sizeof *entry, by_key_then_run);
    for (int64_t i = 0, first = 0; i < job->runs; i++) {
        if (strcmp(entry[i].key, entry[first].key) != 0) first = i;
        copies[entry[first].run]++;
    }
    er_free(entry);
    return copies;
}
