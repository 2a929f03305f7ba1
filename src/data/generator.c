/* generator.c - the list of generators, and their parameters checked against what each of them takes. */
#include "data/generator.h"

#include "core/available.h"
#include "data/dataset.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    TAKES_DIMENSION = 1,
    TAKES_CLASSES = 2,
    TAKES_NOISE = 4,
    TAKES_SEPARATION = 8,
    TAKES_WIDTH = 16,
    BALANCED = 32,
    WIDTH_WITHIN = 64 /* width <= dimension */
};

enum { DEFAULT_SIZE = 1000, LARGEST_DIMENSION = 1 << 16, LARGEST_CLASSES = 1024, LARGEST_REAL = 1000000 };

static const struct er_generator generators[] = {
#define GENERATOR(id, name_, title_, version_, dimension_, classes_, noise_, separation_, width_, takes_)    \
    {.name = (name_),                                                                                        \
     .title = (title_),                                                                                      \
     .version = (version_),                                                                                  \
     .defaults = {.dimension = (dimension_),                                                                 \
                  .classes = (classes_),                                                                     \
                  .noise = (noise_),                                                                         \
                  .separation = (separation_),                                                               \
                  .width = (width_)},                                                                        \
     .takes = (takes_),                                                                                      \
     .make = er_generate_##id},
#include "generators.def"
#undef GENERATOR
};

const struct er_generator *er_generator_list(int64_t *n)
{
    *n = (int64_t)(sizeof generators / sizeof *generators);
    return generators;
}

const struct er_generator *er_generator_named(const char *name)
{
    for (size_t i = 0; i < sizeof generators / sizeof *generators; i++)
        if (strcmp(generators[i].name, name) == 0) return &generators[i];
    return NULL;
}

void er_made_checksum(const char *name, int64_t version, char hex[ER_SHA256_HEX])
{
    char text[128];
    const int n = snprintf(text, sizeof text, "ermine %s %" PRId64, name, version);
    er_sha256(text, (size_t)n, hex);
}

void er_generator_checksum(const struct er_generator *generator, char hex[ER_SHA256_HEX])
{
    er_made_checksum(generator->name, generator->version, hex);
}

/* A count: 0 asks for the default. */
static enum er_status choose_count(const struct er_generator *g, unsigned flag, const char *what,
                                   int64_t asked, int64_t low, int64_t high, int64_t *value,
                                   struct er_error *err)
{
    if (asked == 0 || asked == *value) return ER_OK;
    if (!(g->takes & flag)) return er_fail(err, ER_E_USAGE, "%s has no %s to choose", g->name, what);
    if (asked < low || asked > high)
        return er_fail(err, ER_E_USAGE, "%s: %s is %" PRId64 ", and must be from %" PRId64 " to %" PRId64,
                       g->name, what, asked, low, high);
    *value = asked;
    return ER_OK;
}

/* A real number: NaN asks for the default. */
static enum er_status choose_real(const struct er_generator *g, unsigned flag, const char *what, double asked,
                                  double *value, struct er_error *err)
{
    if (isnan(asked) || asked == *value) return ER_OK;
    if (!(g->takes & flag)) return er_fail(err, ER_E_USAGE, "%s has no %s to choose", g->name, what);
    if (!(asked >= 0 && asked <= LARGEST_REAL))
        return er_fail(err, ER_E_USAGE, "%s: %s is %g, and must be from 0 to %d", g->name, what, asked,
                       LARGEST_REAL);
    *value = asked;
    return ER_OK;
}

/* *parameter: the one at fault. */
static enum er_status resolve(const struct er_generator *g, const struct er_data_spec *spec,
                              struct er_generator_spec *out, const char **parameter, struct er_error *err)
{
    *out = g->defaults;
    out->seed = spec->seed;
    *parameter = "dimension";
    enum er_status status = choose_count(g, TAKES_DIMENSION, "dimension", spec->dimension, 1,
                                         LARGEST_DIMENSION, &out->dimension, err);
    if (status != ER_OK) return status;
    *parameter = "classes";
    status = choose_count(g, TAKES_CLASSES, "number of classes", spec->classes, 2, LARGEST_CLASSES,
                          &out->classes, err);
    if (status != ER_OK) return status;
    *parameter = "width";
    status = choose_count(g, TAKES_WIDTH, "width", spec->width, 1, LARGEST_DIMENSION, &out->width, err);
    if (status != ER_OK) return status;
    if (g->takes & WIDTH_WITHIN && out->width > out->dimension) {
        if (spec->width == 0) *parameter = "dimension";
        return er_fail(err, ER_E_USAGE,
                       "%s: width (the number of bits) is %" PRId64
                       ", and must be at most the dimension, %" PRId64,
                       g->name, out->width, out->dimension);
    }
    *parameter = "noise";
    status = choose_real(g, TAKES_NOISE, "noise", spec->noise, &out->noise, err);
    if (status != ER_OK) return status;
    *parameter = "separation";
    status = choose_real(g, TAKES_SEPARATION, "separation", spec->separation, &out->separation, err);
    if (status != ER_OK) return status;
    *parameter = "stratify";
    if (spec->balance) *parameter = "balance";
    if ((spec->stratify || spec->balance) && !(g->takes & BALANCED))
        return er_fail(err, ER_E_USAGE, "%s can't be %s: its labels are computed from random inputs", g->name,
                       spec->balance ? "balanced" : "stratified");
    return ER_OK;
}

enum er_status er_generator_check(const struct er_generator *generator, const struct er_data_spec *spec,
                                  const char **parameter, struct er_error *err)
{
    struct er_generator_spec parameters;
    return resolve(generator, spec, &parameters, parameter, err);
}

static enum er_status check_room(const struct er_generator *g, const int64_t size[ER_PARTS],
                                 int64_t dimension, struct er_error *err)
{
    const double all =
        (double)size[ER_PART_TRAIN] + (double)size[ER_PART_TEST] + (double)size[ER_PART_OTHERS];
    const double example = (double)dimension * sizeof(float) + sizeof(int32_t) + sizeof(int64_t);
    char what[96];
    snprintf(what, sizeof what, "%s: %" PRId64 " and %" PRId64 " examples", g->name, size[0], size[1]);
    return er_memory_check(all * example, what, err);
}

/* The last examples of the training part, from `train` on, become the others. */
static enum er_status cut_others(struct er_parts *parts, int64_t train, int64_t others, struct er_error *err)
{
    struct er_dataset *set = &parts->set[ER_PART_TRAIN], *cut = &parts->set[ER_PART_OTHERS];
    const size_t d = (size_t)er_shape_size(set->shape);
    enum er_status status = er_parts_number(parts, ER_PART_OTHERS, others, err);
    if (status == ER_OK) status = er_dataset_new(others, set->shape, set->classes, cut, err);
    if (status != ER_OK) return status;
    for (int64_t i = 0; i < others; i++) parts->record[ER_PART_OTHERS][i] += train;
    memcpy(cut->x, set->x + (size_t)train * d, (size_t)others * d * sizeof *cut->x);
    memcpy(cut->label, set->label + train, (size_t)others * sizeof *cut->label);
    set->n = train;
    return ER_OK;
}

enum er_status er_generator_run(const struct er_generator *generator, const struct er_data_spec *spec,
                                struct er_parts *out, struct er_error *err)
{
    struct er_generator_spec parameters;
    struct er_parts parts = {0};
    const char *parameter;
    enum er_status status = resolve(generator, spec, &parameters, &parameter, err);
    if (status != ER_OK) return status;
    const struct er_shape shape = {1, 1, parameters.dimension};
    const int64_t train = spec->train ? spec->train : DEFAULT_SIZE;
    const int64_t size[ER_PARTS] = {train, spec->test ? spec->test : DEFAULT_SIZE, spec->others};
    status = check_room(generator, size, parameters.dimension, err);
    if (status != ER_OK) return status;
    for (int which = 0; which < ER_PART_OTHERS; which++) {
        const int64_t n = size[which] + (which == ER_PART_TRAIN ? spec->others : 0);
        struct er_dataset *set = &parts.set[which];
        status = er_parts_number(&parts, which, n, err);
        if (status == ER_OK) status = er_dataset_new(n, shape, parameters.classes, set, err);
        if (status == ER_OK) status = generator->make(&parameters, which, set->n, set->x, set->label, err);
        if (status != ER_OK) goto fail;
    }
    if (spec->others > 0) status = cut_others(&parts, train, spec->others, err);
    if (status != ER_OK) goto fail;
    *out = parts;
    return ER_OK;
fail:
    er_parts_clear(&parts);
    return status;
}
