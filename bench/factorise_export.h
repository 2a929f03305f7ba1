/* factorise_export.h - a problem of completion, the initial factors of all members and their losses over the first steps, as
 * files that bench/peers/README.md describes ("Deep matrix factorisation").
 */
#ifndef ERMINE_BENCH_FACTORISE_EXPORT_H
#define ERMINE_BENCH_FACTORISE_EXPORT_H

#include "npy_write.h"

#include <ermine/factorise.h>
#include <ermine/memory.h>

enum { EXPORTED_STEPS = 50 };

static inline bool export_head(const char *folder, const char *id, const struct er_recovery *problem,
                               const struct er_factorise_spec *spec, int members)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/factorise.json", folder);
    FILE *file = fopen(path, "w");
    if (!file) return perror(path), false;
    fprintf(file,
            "{\"id\": \"%s\", \"rows\": %d, \"columns\": %d, \"depth\": %d, \"members\": %d, \"rate\": "
            "%.17g, \"decay\": "
            "%.17g, \"epsilon\": %.17g}\n",
            id, (int)problem->rows, (int)problem->columns, (int)spec->depth, members, spec->rate, spec->decay,
            spec->epsilon);
    return fclose(file) == 0;
}

static inline bool export_entries(const char *folder, const struct er_sparse *train)
{
    int32_t *row = er_alloc(train->n, sizeof *row);
    bool done = row != NULL;
    if (done) er_sparse_row_indices(train, row);
    int64_t n[NPY_RANK] = {train->n};
    done = done && npy_write(folder, "row", "<i4", 1, n, row) &&
           npy_write(folder, "column", "<i4", 1, n, train->column) &&
           npy_write(folder, "value", "<f8", 1, n, train->value);
    er_free(row);
    return done;
}

/* Factor j of all members. */
static inline bool export_start(const char *folder, int64_t j, int members,
                                struct er_factorisation *const *member)
{
    char name[32];
    int64_t rows, columns;
    er_factorisation_shape(member[0], j, &rows, &columns);
    double *w = er_alloc(members * rows * columns, sizeof *w);
    if (!w) return false;
    for (int m = 0; m < members; m++) er_factorisation_factor(member[m], j, w + m * rows * columns);
    snprintf(name, sizeof name, "start_%d", (int)j);
    const bool done = npy_write(folder, name, "<f8", 3, (int64_t[NPY_RANK]){members, rows, columns}, w);
    er_free(w);
    return done;
}

/* `member` stands at its start, and steps on. */
static inline enum er_status factorise_export(const char *folder, const char *id,
                                              const struct er_recovery *problem,
                                              const struct er_factorise_spec *spec, int members,
                                              struct er_factorisation *const *member, struct er_error *err)
{
    double *loss = er_alloc((int64_t)members * (EXPORTED_STEPS + 1), sizeof *loss);
    if (!loss) return er_fail(err, ER_E_NOMEM, "out of memory");
    bool done = export_head(folder, id, problem, spec, members) && export_entries(folder, &problem->train);
    for (int64_t j = 1; j <= spec->depth && done; j++) done = export_start(folder, j, members, member);
    enum er_status status = ER_OK;
    for (int m = 0; m < members; m++)
        for (int64_t step = 0; step <= EXPORTED_STEPS && status == ER_OK && done; step++) {
            enum er_factorise_end end;
            status = er_factorisation_run(
                member[m], &(struct er_factorise_until){.step = step, .loss = -1, .gradient = -1}, NULL, NULL,
                &end, err);
            loss[m * (EXPORTED_STEPS + 1) + step] = er_factorisation_loss(member[m]);
        }
    done =
        done && npy_write(folder, "loss", "<f8", 2, (int64_t[NPY_RANK]){members, EXPORTED_STEPS + 1}, loss);
    er_free(loss);
    if (status == ER_OK && !done)
        status = er_fail(err, ER_E_IO, "%s: not everything could be written", folder);
    return status;
}

#endif
