/* open.c - a specification becomes a split: records, then fewer pixels, task, inputs, labels,
 * standardisation. */
#include "data/condition.h"
#include "data/generator.h"
#include "data/reduce.h"
#include "data/regression.h"
#include "data/source.h"
#include "data/standardise.h"
#include "data/task.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>

enum er_status er_parts_number(struct er_parts *parts, int which, int64_t n, struct er_error *err)
{
    int64_t *record = er_alloc(n, sizeof *record);
    if (!record) return er_fail(err, ER_E_NOMEM, "out of memory for the numbers of %" PRId64 " examples", n);
    for (int64_t i = 0; i < n; i++) record[i] = i;
    parts->record[which] = record;
    return ER_OK;
}

void er_parts_clear(struct er_parts *parts)
{
    for (int which = 0; which < ER_PARTS; which++) {
        er_dataset_clear(&parts->set[which]);
        er_free(parts->record[which]);
    }
    *parts = (struct er_parts){0};
}

void er_split_clear(struct er_split *split)
{
    er_dataset_clear(&split->train);
    er_dataset_clear(&split->test);
    er_dataset_clear(&split->others);
    *split = (struct er_split){0};
}

struct er_data_spec er_data_spec_default(void)
{
    return (struct er_data_spec){.noise = NAN, .separation = NAN};
}

/* A parameter of generators, given for a set that is read. */
static const char *generator_parameter(const struct er_data_spec *spec)
{
    if (spec->dimension) return "dimension";
    if (spec->classes) return "classes";
    if (spec->width) return "width";
    if (!isnan(spec->noise) && spec->noise != 0) return "noise";
    if (!isnan(spec->separation) && spec->separation != 0) return "separation";
    return NULL;
}

static enum er_status check_source(const struct er_data_spec *spec, struct er_error *err)
{
    if (!spec->name == !spec->file)
        return er_fail(err, ER_E_USAGE, "data: either a name or a file is needed, and not both");
    if (spec->target && !spec->file)
        return er_fail(err, ER_E_USAGE, "%s: a target column (\"%s\") belongs to a file", spec->name,
                       spec->target);
    if (spec->name && !er_set_named(spec->name) && !er_generator_named(spec->name) &&
        !er_regression_named(spec->name))
        return er_set_unknown(spec->name, err);
    const char *parameter = generator_parameter(spec);
    if (spec->only && spec->name && !er_set_named(spec->name))
        return er_fail(err, ER_E_USAGE, "%s is made; classes are left out of what is read", spec->name);
    if (parameter && (spec->file || er_set_named(spec->name)))
        return er_fail(err, ER_E_USAGE, "%s is read, not generated, and has no %s to choose",
                       spec->file ? spec->file : spec->name, parameter);
    return ER_OK;
}

enum er_status er_data_spec_check(const struct er_data_spec *spec, struct er_error *err)
{
    enum er_status status = check_source(spec, err);
    if (status != ER_OK) return status;
    if (spec->train < 0 || spec->test < 0)
        return er_fail(err, ER_E_USAGE, "data: %s is %" PRId64 ", and must be 0 (all) or more",
                       spec->train < 0 ? "train" : "test", spec->train < 0 ? spec->train : spec->test);
    if (spec->stratify && spec->balance)
        return er_fail(err, ER_E_USAGE, "data: a subset is stratified or balanced, not both");
    if (spec->others < 0)
        return er_fail(err, ER_E_USAGE, "data: others is %" PRId64 ", and must be 0 or more", spec->others);
    if (!(spec->corrupt >= 0 && spec->corrupt <= 1))
        return er_fail(err, ER_E_USAGE, "data: the share of labels to corrupt is %g, and must be from 0 to 1",
                       spec->corrupt);
    if (spec->standardise == ER_STANDARDISE_GIVEN && !(spec->deviation > 0))
        return er_fail(err, ER_E_USAGE, "data: the deviation to standardise with is %g, and must be above 0",
                       spec->deviation);
    if (spec->corrupt > 0 && spec->condition == ER_CONDITION_RANDOM_LABELS)
        return er_fail(err, ER_E_USAGE,
                       "data: random labels are all corrupt already; corrupt: %g is too much", spec->corrupt);
    if (spec->draw == ER_DRAW_WRONG && spec->condition == ER_CONDITION_RANDOM_LABELS)
        return er_fail(err, ER_E_USAGE,
                       "data: random labels are drawn from all classes, not from the wrong ones");
    return ER_OK;
}

static enum er_status take(const struct er_data_spec *spec, const struct er_data_places *places,
                           struct er_only *only, struct er_parts *out, char hex[ER_SHA256_HEX],
                           struct er_error *err)
{
    if (spec->file) {
        char path[ER_PLACE_PATH];
        struct er_data_spec found = *spec;
        found.file = er_data_file_path(spec, places, path);
        return er_table_take(&found, only, out, hex, err);
    }
    const struct er_set *set = er_set_named(spec->name);
    only->n = 0;
    if (set) {
        enum er_status status = er_only_read(spec->only, spec->name, set->classes, only, err);
        return status == ER_OK ? er_set_take(set, spec, only, places, out, hex, err) : status;
    }
    const struct er_generator *generator = er_generator_named(spec->name);
    er_generator_checksum(generator, hex);
    return er_generator_run(generator, spec, out, err);
}

static enum er_status standardise(const struct er_data_spec *spec, struct er_parts *parts,
                                  struct er_error *err)
{
    struct er_dataset *train = &parts->set[ER_PART_TRAIN], *test = &parts->set[ER_PART_TEST],
                      *others = &parts->set[ER_PART_OTHERS];
    if (spec->standardise == ER_STANDARDISE_GIVEN)
        return er_standardise_given(spec->mean, spec->deviation, train, test, others, err);
    return er_standardise(spec->standardise, train, test, others, err);
}

enum er_status er_data_open(const struct er_data_spec *spec, const struct er_data_places *places,
                            struct er_split *out, struct er_error *err)
{
    struct er_parts parts = {0};
    struct er_split split = {0};
    struct er_only only;
    const struct er_set *set = spec->name ? er_set_named(spec->name) : NULL;
    enum er_status status = er_data_spec_check(spec, err);
    if (status == ER_OK && set && set->format == ER_SET_RATINGS)
        return er_fail(err, ER_E_USAGE,
                       "%s is ratings of items by users, a matrix without labelled examples: it is data for "
                       "`recover` and "
                       "`factorise`",
                       spec->name);
    if (status == ER_OK && spec->name && er_regression_named(spec->name))
        return er_fail(err, ER_E_USAGE, "%s has real targets and no classes: it is data for `regress`",
                       spec->name);
    if (status == ER_OK) status = take(spec, places, &only, &parts, split.checksum, err);
    if (status != ER_OK) return status;
    if (spec->no_test) er_dataset_clear(&parts.set[ER_PART_TEST]);
    for (int which = 0; which < ER_PARTS && status == ER_OK; which++) {
        if (parts.set[which].n == 0) continue;
        status = er_reduce(spec->crop, spec->pool, &parts.set[which], err);
        er_task_labels(spec->task, &only, &parts.set[which]);
    }
    if (status == ER_OK) status = er_condition_inputs(spec->condition, spec->seed, &parts, err);
    if (status != ER_OK) goto done;
    const double p = spec->condition == ER_CONDITION_RANDOM_LABELS ? 1 : spec->corrupt;
    split.changed_labels = er_condition_labels(p, spec->draw, spec->seed, &parts);
    status = standardise(spec, &parts, err);
    if (status != ER_OK) goto done;
    split.train = parts.set[ER_PART_TRAIN];
    split.test = parts.set[ER_PART_TEST];
    split.others = parts.set[ER_PART_OTHERS];
    for (int which = 0; which < ER_PARTS; which++) parts.set[which] = (struct er_dataset){0};
    *out = split;
done:
    er_parts_clear(&parts);
    return status;
}
