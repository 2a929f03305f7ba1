/* regression_check.c - the list of sources of real targets; what a specification may ask of real targets. */
#include "core/file.h"
#include "data/generator.h"
#include "data/regression.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { TAKES_DIMENSION = 1, TAKES_NOISE = 2, EVEN = 4 };

enum { LARGEST_DIMENSION = 1 << 16, LARGEST_NOISE = 1000000 };

static const struct er_regression_source sources[] = {
#define REGRESSION(id, name_, title_, version_, dimension_, noise_, train_, test_, own_, x_, y_, takes_)     \
    {.name = (name_),                                                                                        \
     .title = (title_),                                                                                      \
     .version = (version_),                                                                                  \
     .dimension = (dimension_),                                                                              \
     .noise = (noise_),                                                                                      \
     .train = (train_),                                                                                      \
     .test = (test_),                                                                                        \
     .own = (own_),                                                                                          \
     .x_name = (x_),                                                                                         \
     .y_name = (y_),                                                                                         \
     .takes = (takes_),                                                                                      \
     .make = er_regression_make_##id},
#include "regressions.def"
#undef REGRESSION
};

const struct er_regression_source *er_regression_named(const char *name)
{
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++)
        if (strcmp(sources[i].name, name) == 0) return &sources[i];
    return NULL;
}

void er_regression_checksum(const struct er_regression_source *source, char hex[ER_SHA256_HEX])
{
    er_made_checksum(source->name, source->version, hex);
}

bool er_regression_is_real(const struct er_data_spec *spec)
{
    if (spec->name) return er_regression_named(spec->name) != NULL;
    return spec->task == ER_TASK_AS_READ &&
           (er_path_ends(spec->file, ".csv") || er_path_ends(spec->file, ".csv.gz"));
}

struct er_regression_spec er_regression_resolve(const struct er_regression_source *source,
                                                const struct er_data_spec *spec)
{
    struct er_regression_spec out = {
        .data = spec,
        .size = {spec->train ? spec->train : source->train, spec->test ? spec->test : source->test},
        .dimension = spec->dimension ? spec->dimension : source->dimension,
        .noise = isnan(spec->noise) ? source->noise : spec->noise};
    if (source->own && !spec->train) out.size[0] = source->own - out.size[1];
    return out;
}

/* What needs labels or images. */
static enum er_status check_labels(const struct er_data_spec *spec, const char **parameter,
                                   struct er_error *err)
{
    const struct {
        bool asked;
        const char *parameter, *of;
    } labels[] = {{spec->classes != 0, "classes", "labels"},
                  {spec->stratify, "stratify", "labels"},
                  {spec->balance, "balance", "labels"},
                  {spec->only, "labels.only", "labels"},
                  {spec->condition != ER_CONDITION_TRUE_LABELS, "condition", "labels or images"},
                  {spec->task != ER_TASK_AS_READ, "labels.task", "labels"},
                  {spec->corrupt != 0, "labels.corrupt", "labels"},
                  {spec->draw != ER_DRAW_ALL, "labels.draw", "labels"},
                  {spec->crop != 0, "crop", "images"},
                  {spec->pool > 1, "pool", "images"}};
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        if (!labels[i].asked) continue;
        *parameter = labels[i].parameter;
        return er_fail(err, ER_E_USAGE, "%s: the target is a real number%s, and %s is a matter of %s",
                       spec->name ? spec->name : spec->file,
                       spec->file ? " (a label when there is a labels.task)" : "", labels[i].parameter,
                       labels[i].of);
    }
    return ER_OK;
}

static enum er_status check_standardise(const struct er_data_spec *spec, bool made, const char **parameter,
                                        struct er_error *err)
{
    *parameter = "standardise";
    if (spec->standardise == ER_STANDARDISE_NONE) return ER_OK;
    if (made)
        return er_fail(err, ER_E_USAGE,
                       "%s is made with a known truth, which is in its own units: it can't be standardised",
                       spec->name);
    if (spec->standardise == ER_STANDARDISE_FEATURE || spec->standardise == ER_STANDARDISE_CHANNEL)
        return ER_OK;
    return er_fail(err, ER_E_USAGE,
                   "%s: each input has a unit of its own; they can be standardised by feature, or not",
                   spec->name ? spec->name : spec->file);
}

static enum er_status check_own_size(const struct er_regression_source *source,
                                     const struct er_data_spec *spec, const char **parameter,
                                     struct er_error *err)
{
    const struct er_regression_spec asked = er_regression_resolve(source, spec);
    *parameter = spec->train ? "train" : "test";
    if (asked.size[0] >= 1 && asked.size[0] <= source->own - asked.size[1]) return ER_OK;
    return er_fail(err, ER_E_USAGE,
                   "%s: %" PRId64 " training and %" PRId64 " test examples are asked for; there are %" PRId64
                   ", at least 1 of them for training",
                   source->name, asked.size[0], asked.size[1], source->own);
}

static enum er_status check_parameters(const struct er_regression_source *source,
                                       const struct er_data_spec *spec, const char **parameter,
                                       struct er_error *err)
{
    const int64_t d = spec->dimension ? spec->dimension : source->dimension;
    *parameter = "dimension";
    if (d != source->dimension && !(source->takes & TAKES_DIMENSION))
        return er_fail(err, ER_E_USAGE, "%s has no dimension to choose", source->name);
    if (d < 1 || d > LARGEST_DIMENSION || (source->takes & EVEN && d % 2 != 0))
        return er_fail(err, ER_E_USAGE, "%s: dimension is %" PRId64 ", and must be from 1 to %d%s",
                       source->name, d, LARGEST_DIMENSION, source->takes & EVEN ? " and even" : "");
    *parameter = "noise";
    if (!isnan(spec->noise) && !(source->takes & TAKES_NOISE))
        return er_fail(err, ER_E_USAGE, "%s has no noise to choose", source->name);
    if (!isnan(spec->noise) && !(spec->noise >= 0 && spec->noise <= LARGEST_NOISE))
        return er_fail(err, ER_E_USAGE, "%s: noise is %g, and must be from 0 to %d", source->name,
                       spec->noise, LARGEST_NOISE);
    *parameter = "width";
    if (spec->width != 0) return er_fail(err, ER_E_USAGE, "%s has no width to choose", source->name);
    *parameter = "separation";
    if (!isnan(spec->separation))
        return er_fail(err, ER_E_USAGE, "%s has no separation to choose", source->name);
    return source->own ? check_own_size(source, spec, parameter, err) : ER_OK;
}

enum er_status er_regression_check(const struct er_data_spec *spec, const char **parameter,
                                   struct er_error *err)
{
    const struct er_regression_source *source = spec->name ? er_regression_named(spec->name) : NULL;
    enum er_status status = check_labels(spec, parameter, err);
    if (status == ER_OK) status = check_standardise(spec, source && !source->own, parameter, err);
    return status == ER_OK && source ? check_parameters(source, spec, parameter, err) : status;
}
