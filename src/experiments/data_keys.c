/* data_keys.c - `data.*` of a study point -> er_data_spec. */
#include "experiments/data_keys.h"

#include "core/number.h"
#include "data/generator.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* The named set or generator of a point; NULL for a file and for an unknown name. */
static const struct er_data_info *info_of(const struct er_point *point)
{
    int64_t n;
    const struct er_data_info *list = er_data_list(&n);
    const char *name = er_point_text(point, "data.name", "");
    for (int64_t i = 0; i < n; i++)
        if (strcmp(list[i].name, name) == 0) return &list[i];
    return NULL;
}

static bool is_image(const struct er_data_info *info)
{
    return info && info->shape.height * info->shape.width > 1;
}

/* `auto`: images are standardised one by one, as in Zhang et al.; for a table of features that would mix
 * their units, and of a point in the plane it would leave one bit, so features are standardised one by one.
 */
static enum er_standardise standardise_of(const struct er_point *point)
{
    const char *word = er_point_text(point, "data.standardise", "auto");
    if (strcmp(word, "none") == 0) return ER_STANDARDISE_NONE;
    if (strcmp(word, "image") == 0) return ER_STANDARDISE_IMAGE;
    if (strcmp(word, "channel") == 0) return ER_STANDARDISE_CHANNEL;
    if (strcmp(word, "feature") == 0) return ER_STANDARDISE_FEATURE;
    return is_image(info_of(point)) ? ER_STANDARDISE_IMAGE : ER_STANDARDISE_FEATURE;
}

struct er_data_spec er_data_keys_spec(const struct er_point *point)
{
    struct er_data_spec spec = er_data_spec_default();
    spec.name = er_point_text(point, "data.name", NULL);
    const struct er_setting *file = er_point_get(point, "data.file");
    if (file) spec.file = file->file;
    spec.target = er_point_text(point, "data.target", NULL);
    spec.train = er_point_integer(point, "data.train", spec.train);
    spec.test = er_point_integer(point, "data.test", spec.test);
    spec.first = strcmp(er_point_text(point, "data.select", "random"), "first") == 0;
    spec.stratify = er_point_bool(point, "data.stratify", spec.stratify);
    spec.seed = (uint64_t)er_point_integer(point, "data.seed", (int64_t)spec.seed);
    spec.condition = (enum er_condition)er_point_real(point, "data.condition", spec.condition);
    spec.corrupt = er_point_real(point, "data.labels.corrupt", spec.corrupt);
    spec.standardise = standardise_of(point);
    spec.dimension = er_point_integer(point, "data.dimension", spec.dimension);
    spec.classes = er_point_integer(point, "data.classes", spec.classes);
    spec.noise = er_point_real(point, "data.noise", spec.noise);
    spec.separation = er_point_real(point, "data.separation", spec.separation);
    spec.width = er_point_integer(point, "data.width", spec.width);
    return spec;
}

struct er_augment er_data_keys_augment(const struct er_point *point)
{
    return (struct er_augment){
        .crop = er_point_integer(point, "data.augment.crop", 0),
        .padding = (enum er_augment_padding)er_point_real(point, "data.augment.padding", ER_AUGMENT_ZERO),
        .flip = er_point_bool(point, "data.augment.flip", false)};
}

bool er_data_keys_shape(const struct er_point *point, struct er_shape *shape, int64_t *classes)
{
    const struct er_data_info *info = info_of(point);
    if (!info) return false;
    *shape = info->shape;
    if (info->generated) shape->channels = er_point_integer(point, "data.dimension", shape->channels);
    *classes = info->generated ? er_point_integer(point, "data.classes", info->classes) : info->classes;
    return true;
}

/* Fails at a setting of the point (which is there). */
static enum er_status fail_at(const struct er_point *point, const char *path, const char *what,
                              const char *detail, struct er_error *err)
{
    const struct er_setting *setting = er_point_get(point, path);
    return er_fail_at(err, ER_E_INPUT, NULL, setting ? setting->line : 0, setting ? setting->column : 0,
                      "%s: %s%s", path, what, detail);
}

static enum er_status check_name(const struct er_point *point, struct er_error *err)
{
    int64_t n;
    const struct er_data_info *list = er_data_list(&n);
    const char *name = er_point_text(point, "data.name", NULL), *words[64];
    const struct er_setting *file = er_point_get(point, "data.file");
    if (name && file)
        return fail_at(point, "data.file", "there is a data.name too; give one of them", "", err);
    if (!name && !file)
        return er_fail(err, ER_E_INPUT,
                       "data: a data.name or a data.file is missing; 'ermine data list' names the sets");
    if (!name || info_of(point)) return ER_OK;
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
        return fail_at(point, "data.target",
                       "only a file has columns; the labels of this set are known: ", info->name, err);
    for (size_t i = 0; i < sizeof generated / sizeof *generated; i++)
        if (er_point_get(point, generated[i]) && !(info && info->generated))
            return fail_at(point, generated[i], "only generated data have it; these are read: ",
                           info ? info->name : er_point_text(point, "data.file", ""), err);
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
    return fail_at(point, path, "", why.msg, err);
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
        return fail_at(point, "data.augment.padding",
                       "only what is cropped is padded; give data.augment.crop too", "", err);
    if (er_augment_is_none(&augment) || standardise_of(point) != ER_STANDARDISE_FEATURE) return ER_OK;
    return fail_at(point, augment.crop ? "data.augment.crop" : "data.augment.flip",
                   "pixels can't be moved where each has a scale of its own; data.standardise can be image, "
                   "channel or none",
                   "", err);
}

enum er_status er_data_keys_check(const struct er_point *point, struct er_error *err)
{
    enum er_status status = check_name(point, err);
    if (status != ER_OK) return status;
    const struct er_data_info *info = info_of(point);
    status = check_parameters(point, info, err);
    if (status != ER_OK) return status;
    if (er_point_real(point, "data.labels.corrupt", 0) > 0 &&
        er_point_real(point, "data.condition", 0) == (double)ER_CONDITION_RANDOM_LABELS)
        return fail_at(point, "data.labels.corrupt",
                       "the condition is random-labels already; give one of them", "", err);
    if (info) status = er_data_keys_augment_check(point, info->shape, err);
    if (status == ER_OK) status = check_augment(point, err);
    if (!info || status != ER_OK) return status;
    if (info->generated) return check_generator(point, info->name, err);
    status = check_size(point, "data.train", info->train, err);
    return status == ER_OK ? check_size(point, "data.test", info->test, err) : status;
}

enum er_status er_data_keys_fail(const struct er_point *point, const struct er_error *why,
                                 struct er_error *err)
{
    const struct er_setting *setting = er_point_get(point, "data.name");
    if (!setting) setting = er_point_get(point, "data.file");
    if (err) *err = *why;
    if (setting && !why->file[0]) er_error_place(err, NULL, setting->line, setting->column);
    return why->code;
}

/* Points of one study have the same keys below `data`, in schema order, before all others. What is done to a
 * batch is no matter of the split. */
int er_data_keys_compare(const struct er_point *a, const struct er_point *b)
{
    static const char prefix[] = "data.", batches[] = "data.augment.";
    for (int64_t i = 0; i < a->n && i < b->n; i++) {
        if (strncmp(a->setting[i]->row->path, prefix, sizeof prefix - 1) != 0) return 0;
        if (a->setting[i] == b->setting[i]) continue;
        if (strncmp(a->setting[i]->row->path, batches, sizeof batches - 1) == 0) continue;
        const int order = strcmp(a->setting[i]->text, b->setting[i]->text);
        if (order != 0) return order;
    }
    return 0;
}
