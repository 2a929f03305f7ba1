/* data_keys.c - `data.*` of a study point -> er_data_spec. */
#include "experiments/data_keys.h"

#include "data/generator.h"
#include "data/reduce.h"
#include "data/task.h"
#include "experiments/minima_keys.h"
#include <string.h>

const struct er_data_info *er_data_keys_info(const struct er_point *point)
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
 * Sources of real targets that have a name stay in their units: years are years.
 */
static enum er_standardise standardise_of(const struct er_point *point)
{
    const char *word = er_point_text(point, "data.standardise", "auto");
    if (strcmp(word, "none") == 0) return ER_STANDARDISE_NONE;
    if (strcmp(word, "image") == 0) return ER_STANDARDISE_IMAGE;
    if (strcmp(word, "channel") == 0) return ER_STANDARDISE_CHANNEL;
    if (strcmp(word, "feature") == 0) return ER_STANDARDISE_FEATURE;
    if (strcmp(word, "set") == 0) return ER_STANDARDISE_SET;
    if (strcmp(word, "centred") == 0) return ER_STANDARDISE_CENTRED;
    if (strcmp(word, "given") == 0) return ER_STANDARDISE_GIVEN;
    const struct er_data_info *info = er_data_keys_info(point);
    if (info && info->regression) return ER_STANDARDISE_NONE;
    return is_image(info) ? ER_STANDARDISE_IMAGE : ER_STANDARDISE_FEATURE;
}

static enum er_task task_of(const struct er_point *point)
{
    const char *word = er_point_text(point, "data.labels.task", "");
    if (strcmp(word, "classes") == 0) return ER_TASK_CLASSES;
    if (strcmp(word, "halves") == 0) return ER_TASK_HALVES;
    return strcmp(word, "parity") == 0 ? ER_TASK_PARITY : ER_TASK_AS_READ;
}

/* The seeds of a study see the same examples, unless its runs are to differ in these. */
static uint64_t data_seed(const struct er_point *point)
{
    const uint64_t seed = (uint64_t)er_point_integer(point, "data.seed", 0);
    return er_minima_keys_varies(point, ER_VARIES_SUBSET) ? seed + point->seed : seed;
}

struct er_data_spec er_data_keys_spec(const struct er_point *point)
{
    struct er_data_spec spec = er_data_spec_default();
    spec.name = er_point_text(point, "data.name", NULL);
    const struct er_setting *file = er_point_get(point, "data.file");
    if (file) {
        spec.file = file->file;
        spec.within = file->text;
    }
    spec.target = er_point_text(point, "data.target", NULL);
    spec.train = er_point_integer(point, "data.train", spec.train);
    spec.test = er_point_integer(point, "data.test", spec.test);
    spec.first = strcmp(er_point_text(point, "data.select", "random"), "first") == 0;
    spec.stratify = er_point_bool(point, "data.stratify", spec.stratify);
    spec.seed = data_seed(point);
    spec.others = er_minima_keys_poison(point);
    spec.balance = er_point_bool(point, "data.balance", spec.balance);
    spec.only = er_point_text(point, "data.labels.only", NULL);
    spec.condition = (enum er_condition)er_point_real(point, "data.condition", spec.condition);
    spec.corrupt = er_point_real(point, "data.labels.corrupt", spec.corrupt);
    spec.task = task_of(point);
    spec.draw = (enum er_draw)er_point_real(point, "data.labels.draw", spec.draw);
    spec.standardise = standardise_of(point);
    spec.mean = er_point_real(point, "data.mean", spec.mean);
    spec.deviation = er_point_real(point, "data.deviation", spec.deviation);
    spec.crop = er_point_integer(point, "data.crop", spec.crop);
    spec.pool = er_point_integer(point, "data.pool", spec.pool);
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
    const struct er_data_info *info = er_data_keys_info(point);
    if (!info) return false;
    *shape = info->shape;
    const struct er_data_spec spec = er_data_keys_spec(point);
    const struct er_generator *generator = er_generator_named(info->name);
    if (generator)
        shape->channels = er_generator_dimension(generator, &spec);
    else if (info->generated)
        shape->channels = er_point_integer(point, "data.dimension", shape->channels);
    *classes = info->generated ? er_point_integer(point, "data.classes", info->classes) : info->classes;
    if (!info->regression)
        *classes = er_task_classes(task_of(point), er_point_text(point, "data.labels.only", NULL), *classes);
    const char *parameter;
    er_reduced_shape(er_point_integer(point, "data.crop", 0), er_point_integer(point, "data.pool", 1), shape,
                     &parameter, NULL);
    return true;
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
    const uint64_t seed_a = data_seed(a), seed_b = data_seed(b);
    if (seed_a != seed_b) return seed_a < seed_b ? -1 : 1;
    for (int64_t i = 0; i < a->n && i < b->n; i++) {
        if (strncmp(a->setting[i]->row->path, prefix, sizeof prefix - 1) != 0) return 0;
        if (a->setting[i] == b->setting[i]) continue;
        if (strncmp(a->setting[i]->row->path, batches, sizeof batches - 1) == 0) continue;
        const int order = strcmp(a->setting[i]->text, b->setting[i]->text);
        if (order != 0) return order;
    }
    return 0;
}
