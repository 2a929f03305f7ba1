/* slice_keys.c - `slice.*` of a study point. */
#include "experiments/slice_keys.h"

#include "experiments/key_rows.h"
#include "experiments/minima_keys.h"
#include "experiments/point.h"
#include "experiments/train_member.h"

#include <math.h>
#include <string.h>

static const char *const path_of[ER_SLICE_MINIMA] = {"slice.a", "slice.b", "slice.c"};

const struct er_schema_row er_slice_keys_row[] = {
    MAP("slice", NULL, "loss and errors over a plane through minima of one model: where they are low"),
    CHOICE("slice.a", ER_MINIMA_SAMPLERS, "sgd", "the sampler of the minimum A, the origin of the plane"),
    CHOICE("slice.b", ER_MINIMA_SAMPLERS " none", "sgd",
           "of B, from another seed; none: a plane along two random directions around A, filter-normalised"),
    CHOICE("slice.c", ER_MINIMA_SAMPLERS " none", "sgd",
           "of C, from a third seed; none: no plane but the line through A and B"),
    INTEGER("slice.grid", "points", 3, 1001, "41", "points along each side of the grid"),
    REAL("slice.margin", "", 0, 10, "0.4",
         "how far the grid reaches beyond the minima, as a share of their extent"),
    REAL("slice.span", "", 1e-6, 1e6, "1", "around one minimum: how far, in sizes of its filters"),
    REAL("slice.threshold", "", 0, 1, "",
         "the test error up to which a point counts as good; else the mean of the minima by sgd (with batch "
         "norm by their own running statistics) and 0.05"),
    CHOICE("slice.statistics", "recomputed interpolated", "recomputed",
           "batch norm at a point of the grid: by moments of the training set there, or by running "
           "statistics interpolated from the minima, whose own rows and errors are by their own either way"),
    BOOL("slice.path", "true", "the way that training took to each minimum, seen in the plane"),
    {0},
};

struct er_slice_settings er_slice_keys_settings(const struct er_point *point)
{
    struct er_slice_settings s = {.grid = er_point_integer(point, "slice.grid", 41),
                                  .margin = er_point_real(point, "slice.margin", 0.4),
                                  .span = er_point_real(point, "slice.span", 1),
                                  .threshold = er_point_real(point, "slice.threshold", (double)NAN),
                                  .recomputed =
                                      strcmp(er_point_text(point, "slice.statistics", ""), "recomputed") == 0,
                                  .path = er_point_bool(point, "slice.path", true)};
    for (int i = 0; i < ER_SLICE_MINIMA; i++) {
        const char *word = er_point_text(point, path_of[i], "none");
        if (strcmp(word, "none") == 0) break;
        s.sampler[s.minima++] = er_sampler_find(word);
    }
    return s;
}

bool er_slice_keys_sgd(const struct er_slice_settings *settings, int64_t i)
{
    return settings->sampler[i] == er_sampler_find("sgd");
}

enum er_status er_slice_keys_check(const struct er_point *point, const struct er_data_places *places,
                                   struct er_error *err)
{
    const struct er_slice_settings settings = er_slice_keys_settings(point);
    enum er_status status = er_train_member_check(point, places, err);
    bool sgd = false;
    for (int64_t i = 0; i < settings.minima && status == ER_OK; i++) {
        status = er_minima_keys_check(point, settings.sampler[i], path_of[i], err);
        sgd |= er_slice_keys_sgd(&settings, i);
    }
    if (status != ER_OK) return status;
    const struct er_setting *c = er_point_get(point, "slice.c");
    if (settings.minima == 1 && c && c->line > 0 && strcmp(c->text, "none") != 0)
        return er_point_fail(point, "slice.c", err, "without a minimum B there is no C: write none");
    if (!sgd && isnan(settings.threshold))
        return er_point_fail(point, "slice.a", err,
                             "no minimum is found by sgd, so that slice.threshold must be written");
    if (er_point_get(point, "train.keep"))
        return er_point_fail(point, "train.keep", err, "slice studies keep no networks");
    return ER_OK;
}
