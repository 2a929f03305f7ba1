/* data_checks.c - what can be said of a point's data before any are read. */
#include "core/number.h"
#include "data/generator.h"
#include "data/only.h"
#include "data/reduce.h"
#include "data/regression.h"
#include "experiments/data_keys.h"
#include "experiments/point.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static enum er_status check_name(const struct er_point *point, struct er_error *err)
{
    int64_t n;
    const struct er_data_info *list = er_data_list(&n);
    const char *name = er_point_text(point, "data.name", NULL), *words[64];
    const struct er_setting *file = er_point_get(point, "data.file");
    if (name && file)
        return er_point_fail(point, "data.file", err, "there is a data.name too; give one of them");
    if (!name && !file)
        return er_fail(err, ER_E_INPUT,
                       "data: a data.name or a data.file is missing; 'ermine data list' names the sets");
    if (!name || er_data_keys_info(point)) return ER_OK;
    if (n > 64) n = 64;
    for (int64_t i = 0; i < n; i++) words[i] = list[i].name;
    const char *near = er_nearest(name, words, n);
    const struct er_setting *setting = er_point_get(point, "data.name");
    return er_fail_at(err, ER_E_INPUT, NULL, setting->line, setting->column,
                      "data.name: there is no data set '%.100s'%s%s%s", name,
                      near ? "; did you mean " : "; 'ermine data list' names them", near ? near : "",
                      near ? "?" : "");
}

/* A key that only some sources have. */
static enum er_status check_parameters(const struct er_point *point, const struct er_data_info *info,
                                       struct er_error *err)
{
    static const char *const generated[] = {"data.dimension", "data.classes", "data.noise", "data.separation",
                                            "data.width"};
    if (er_point_get(point, "data.target") && info)
        return er_point_fail(point, "data.target", err,
                             "only a file has columns; the labels of this set are known: %s", info->name);
    for (size_t i = 0; i < sizeof generated / sizeof *generated; i++)
        if (er_point_get(point, generated[i]) && !(info && info->generated))
            return er_point_fail(point, generated[i], err, "only generated data have it; these are read: %s",
                                 info ? info->name : er_point_text(point, "data.file", ""));
    return ER_OK;
}

static enum er_status check_generator(const struct er_point *point, const char *name, struct er_error *err)
{
    const struct er_data_spec spec = er_data_keys_spec(point);
    const char *parameter;
    char path[64];
    struct er_error why;
    if (er_generator_check(er_generator_named(name), &spec, &parameter, &why) == ER_OK) return ER_OK;
    snprintf(path, sizeof path, "data.%s", parameter);
    return er_point_fail(point, path, err, "%s", why.msg);
}

static enum er_status check_size(const struct er_point *point, const char *path, int64_t most,
                                 struct er_error *err)
{
    const struct er_setting *setting = er_point_get(point, path);
    if (!setting || setting->integer <= most) return ER_OK;
    return er_fail_at(err, ER_E_INPUT, NULL, setting->line, setting->column,
                      "%s: %s is more than the %" PRId64 " that %s has", path, setting->text, most,
                      er_point_text(point, "data.name", ""));
}

/* Poison comes from what training leaves. */
static enum er_status check_others(const struct er_point *point, const struct er_data_info *info,
                                   struct er_error *err)
{
    const struct er_data_spec spec = er_data_keys_spec(point);
    char detail[128];
    if (spec.others == 0 || (spec.train > 0 && spec.others <= info->train - spec.train)) return ER_OK;
    snprintf(detail, sizeof detail, "%" PRId64 " are more than the %" PRId64 " that the training set leaves",
             spec.others, spec.train > 0 ? info->train - spec.train : 0);
    return er_point_fail(point, "minima.poison", err, "%s", detail);
}

enum er_status er_data_keys_augment_check(const struct er_point *point, struct er_shape shape,
                                          struct er_error *err)
{
    const struct er_augment augment = er_data_keys_augment(point);
    struct er_error why = {0};
    if (er_augment_check(&augment, shape, &why) == ER_OK) return ER_OK;
    const struct er_setting *setting =
        er_point_get(point, augment.crop != 0 ? "data.augment.crop" : "data.augment.flip");
    return er_fail_at(err, ER_E_INPUT, NULL, setting->line, setting->column, "data.augment.%s", why.msg);
}

/* What can be said of augmentation before any shape is known. */
static enum er_status check_augment(const struct er_point *point, struct er_error *err)
{
    const struct er_augment augment = er_data_keys_augment(point);
    const struct er_setting *padding = er_point_get(point, "data.augment.padding");
    const struct er_setting *crop = er_point_get(point, "data.augment.crop");
    if (padding && padding->line && !(crop && crop->line))
        return er_point_fail(point, "data.augment.padding", err,
                             "only what is cropped is padded; give data.augment.crop too");
    const enum er_standardise standardise = er_data_keys_spec(point).standardise;
    if (er_augment_is_none(&augment) ||
        (standardise != ER_STANDARDISE_FEATURE && standardise != ER_STANDARDISE_CENTRED))
        return ER_OK;
    return er_point_fail(
        point, augment.crop ? "data.augment.crop" : "data.augment.flip", err,
        "pixels can't be moved where each has a mean of its own; data.standardise can be image, "
        "channel, set or none");
}

/* Classes that are kept, where the name tells which there are; one way to form a subset. */
static enum er_status check_classes_kept(const struct er_point *point, const struct er_data_info *info,
                                         struct er_error *err)
{
    const struct er_data_spec spec = er_data_keys_spec(point);
    struct er_only only;
    struct er_error why;
    if (spec.stratify && spec.balance)
        return er_point_fail(point, "data.balance", err,
                             "the subset is stratified already; give one of them");
    if (spec.only && info && info->generated)
        return er_point_fail(point, "data.labels.only", err,
                             "classes are left out of what is read; these are made: %s", info->name);
    if (!info || er_only_read(spec.only, info->name, info->classes, &only, &why) == ER_OK) return ER_OK;
    return er_point_fail(point, "data.labels.only", err, "%s", why.msg);
}

static enum er_status check_labels(const struct er_point *point, struct er_error *err)
{
    const struct er_data_spec spec = er_data_keys_spec(point);
    if (spec.condition != ER_CONDITION_RANDOM_LABELS) return ER_OK;
    if (spec.corrupt > 0)
        return er_point_fail(point, "data.labels.corrupt", err,
                             "the condition is random-labels already; give one of them");
    if (spec.draw == ER_DRAW_WRONG)
        return er_point_fail(point, "data.labels.draw", err,
                             "the condition is random-labels, which are drawn from all classes");
    return ER_OK;
}

/* Numbers to standardise with, and the word that asks for them. */
static enum er_status check_given(const struct er_point *point, struct er_error *err)
{
    static const char *const path[] = {"data.mean", "data.deviation"};
    const struct er_data_spec spec = er_data_keys_spec(point);
    const bool given = spec.standardise == ER_STANDARDISE_GIVEN;
    for (int i = 0; i < 2; i++) {
        if (er_point_get(point, path[i]) && !given)
            return er_point_fail(point, path[i], err, "it belongs to data.standardise: given");
        if (!er_point_get(point, path[i]) && given)
            return er_point_fail(point, "data.standardise", err, "%s is missing", path[i]);
    }
    if (given && !(spec.deviation > 0))
        return er_point_fail(point, "data.deviation", err, "it must be above 0, got %g", spec.deviation);
    return ER_OK;
}

/* Crop and pool against the shape that the name tells. */
static enum er_status check_reduction(const struct er_point *point, struct er_shape shape,
                                      struct er_error *err)
{
    const struct er_data_spec spec = er_data_keys_spec(point);
    const char *parameter;
    char path[64];
    struct er_error why;
    if (er_reduced_shape(spec.crop, spec.pool, &shape, &parameter, &why) == ER_OK) return ER_OK;
    snprintf(path, sizeof path, "data.%s", parameter);
    return er_point_fail(point, path, err, "%s", why.msg);
}

/* What holds for every experiment: a source, and keys that it has. */
static enum er_status check_source(const struct er_point *point, struct er_error *err)
{
    const enum er_status status = check_name(point, err);
    if (status != ER_OK) return status;
    const struct er_data_info *info = er_data_keys_info(point);
    if (info && info->ratings)
        return er_point_fail(
            point, "data.name", err,
            "%s is ratings of items by users, a matrix without labelled examples: `matrix: {name: %s}` "
            "with `recover` or `factorise` completes it",
            info->name, info->name);
    return check_parameters(point, info, err);
}

static enum er_status check_classes(const struct er_point *point, struct er_error *err)
{
    const struct er_data_info *info = er_data_keys_info(point);
    enum er_status status = check_labels(point, err);
    if (status == ER_OK) status = check_given(point, err);
    if (status == ER_OK) status = check_classes_kept(point, info, err);
    struct er_shape shape;
    int64_t classes;
    if (status == ER_OK && info) status = check_reduction(point, info->shape, err);
    if (status == ER_OK && er_data_keys_shape(point, &shape, &classes))
        status = er_data_keys_augment_check(point, shape, err);
    if (status == ER_OK) status = check_augment(point, err);
    if (!info || status != ER_OK) return status;
    if (info->generated) return check_generator(point, info->name, err);
    status = check_size(point, "data.train", info->train, err);
    if (status == ER_OK) status = check_others(point, info, err);
    return status == ER_OK ? check_size(point, "data.test", info->test, err) : status;
}

enum er_status er_data_keys_check(const struct er_point *point, struct er_error *err)
{
    const enum er_status status = check_source(point, err);
    if (status != ER_OK) return status;
    const struct er_data_info *info = er_data_keys_info(point);
    if (info && info->regression)
        return er_point_fail(point, "data.name", err,
                             "%s has real targets and no classes: a study with `regress` learns from it",
                             info->name);
    return check_classes(point, err);
}

enum er_status er_data_keys_regression_check(const struct er_point *point, struct er_error *err)
{
    const enum er_status status = check_source(point, err);
    if (status != ER_OK) return status;
    const struct er_augment augment = er_data_keys_augment(point);
    if (!er_augment_is_none(&augment))
        return er_point_fail(point, augment.crop ? "data.augment.crop" : "data.augment.flip", err,
                             "images are moved anew in each epoch, and here there are none");
    const struct er_data_spec spec = er_data_keys_spec(point);
    if (!er_regression_is_real(&spec)) return check_classes(point, err);
    const char *parameter;
    char path[64];
    struct er_error why;
    if (er_regression_check(&spec, &parameter, &why) == ER_OK) return ER_OK;
    snprintf(path, sizeof path, "data.%s", parameter);
    return er_point_fail(point, path, err, "%s", why.msg);
}
