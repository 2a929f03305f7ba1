/* regression.c - a specification becomes examples with real targets: made, out of a table, or of labels.
 *
 *     labels    y_ik = 1 when label_i = k, else 0             k = K columns
 *     parity    y_i = 2 label_i - 1                           one column
 */
#include "data/regression.h"

#include "core/available.h"
#include "data/source.h"
#include "data/task.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static void clear_part(struct er_regression *part)
{
    er_free(part->x);
    er_free(part->y);
    er_free(part->clean);
    er_free(part->label);
}

void er_regression_split_clear(struct er_regression_split *split)
{
    clear_part(&split->train);
    clear_part(&split->test);
    er_free(split->theta);
    er_free(split->variance);
    er_free(split->names);
    *split = (struct er_regression_split){0};
}

/* Room for examples as doubles, before any is taken. */
static enum er_status check_room(const char *name, const int64_t size[2], double numbers,
                                 struct er_error *err)
{
    char what[160];
    snprintf(what, sizeof what, "%.80s: %" PRId64 " and %" PRId64 " examples", name, size[0], size[1]);
    return er_memory_check(((double)size[0] + (double)size[1]) * numbers * sizeof(double), what, err);
}

static enum er_status make(const struct er_regression_source *source, const struct er_data_spec *spec,
                           struct er_regression_split *out, struct er_error *err)
{
    const struct er_regression_spec asked = er_regression_resolve(source, spec);
    out->noise = asked.noise;
    out->x_name = source->x_name;
    out->y_name = source->y_name;
    er_regression_checksum(source, out->checksum);
    enum er_status status = check_room(source->name, asked.size, (double)asked.dimension + 2, err);
    return status == ER_OK ? source->make(&asked, out, err) : status;
}

static enum er_status from_labels(const struct er_dataset *set, bool sign, struct er_regression *out,
                                  struct er_error *err)
{
    const int64_t d = er_shape_size(set->shape), k = sign ? 1 : set->classes;
    enum er_status status = er_regression_new(set->n, d, k, false, out, err);
    if (status != ER_OK) return status;
    out->label = er_alloc(set->n, sizeof *out->label);
    if (!out->label) return er_fail(err, ER_E_NOMEM, "out of memory for %" PRId64 " labels", set->n);
    for (int64_t i = 0; i < set->n * d; i++) out->x[i] = (double)set->x[i];
    for (int64_t i = 0; i < set->n; i++) {
        out->label[i] = set->label[i];
        if (sign)
            out->y[i] = 2 * set->label[i] - 1;
        else
            out->y[i * k + set->label[i]] = 1;
    }
    return ER_OK;
}

static enum er_status open_labels(const struct er_data_spec *spec, const struct er_data_places *places,
                                  struct er_regression_split *out, struct er_error *err)
{
    struct er_split split;
    enum er_status status = er_data_open(spec, places, &split, err);
    if (status != ER_OK) return status;
    const bool sign = er_task_binary(spec->task);
    const int64_t size[2] = {split.train.n, split.test.n};
    memcpy(out->checksum, split.checksum, sizeof out->checksum);
    status = check_room(spec->name ? spec->name : spec->file, size,
                        (double)(er_shape_size(split.train.shape) + split.train.classes), err);
    if (status == ER_OK) status = from_labels(&split.train, sign, &out->train, err);
    if (status == ER_OK) status = from_labels(&split.test, sign, &out->test, err);
    er_split_clear(&split);
    return status;
}

enum er_status er_regression_open(const struct er_data_spec *spec, const struct er_data_places *places,
                                  struct er_regression_split *out, struct er_error *err)
{
    struct er_regression_split split = {.noise = NAN, .x_name = "", .y_name = ""};
    const char *parameter;
    enum er_status status = er_data_spec_check(spec, err);
    if (status != ER_OK) return status;
    if (!er_regression_is_real(spec)) {
        status = open_labels(spec, places, &split, err);
    } else {
        char path[ER_PLACE_PATH];
        struct er_data_spec found = *spec;
        status = er_regression_check(spec, &parameter, err);
        if (spec->file) found.file = er_data_file_path(spec, places, path);
        if (status == ER_OK)
            status = spec->name ? make(er_regression_named(spec->name), spec, &split, err)
                                : er_regression_table(&found, &split, err);
    }
    if (status == ER_OK)
        *out = split;
    else
        er_regression_split_clear(&split);
    return status;
}
