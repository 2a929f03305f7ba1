/* lazy_keys.c - `lazy.*` of a study point -> er_lazy_spec. */
#include "experiments/lazy_keys.h"

#include "experiments/key_rows.h"
#include <inttypes.h>
#include <math.h>

const struct er_schema_row er_lazy_keys_row[] = {
    MAP("lazy", NULL,
        "trains a network of two layers beside its linearisation: f(x) = alpha / sqrt(M) sum a_k relu(w_k . "
        "x)"),
    REAL("lazy.alpha", "", 1e-9, 1e9, "1",
         "scale of the output; steps are divided by its square, so that outputs learn at one speed"),
    INTEGER("lazy.width", "units", 1, 1 << 20, "200", "M, the number of hidden units"),
    BOOL("lazy.doubled", "true",
         "whether units come in pairs with the same w and opposite a, so that f is 0 at the start"),
    REAL("lazy.rate", "", 1e-300, 1e300, "0.5",
         "learning rate of gradient descent on half the mean squared error; times alpha where that is below "
         "1"),
    INTEGER("lazy.steps", "steps", 1, 1e9, "20000", "the most steps, with all examples each"),
    REAL("lazy.until", "", 0, 1e300, "0", "training stops where train_mse is at most so much"),
    {0},
};

struct er_lazy_spec er_lazy_keys_spec(const struct er_point *point)
{
    struct er_lazy_spec s = {.units = er_point_integer(point, "lazy.width", 200),
                             .steps = er_point_integer(point, "lazy.steps", 20000),
                             .alpha = er_point_real(point, "lazy.alpha", 1),
                             .until = er_point_real(point, "lazy.until", 0),
                             .doubled = er_point_bool(point, "lazy.doubled", true),
                             .seed = point->seed};
    s.rate = er_point_real(point, "lazy.rate", 0.5) * fmin(1, s.alpha);
    return s;
}

enum er_status er_lazy_keys_check(const struct er_point *point, struct er_error *err)
{
    const struct er_lazy_spec s = er_lazy_keys_spec(point);
    if (!s.doubled || s.units % 2 == 0) return ER_OK;
    const struct er_setting *width = er_point_get(point, "lazy.width");
    return er_fail_at(err, ER_E_INPUT, NULL, width->line, width->column,
                      "lazy.width is %" PRId64
                      "; units in pairs need an even number of them, or lazy.doubled "
                      "is false",
                      s.units);
}

enum er_status er_lazy_keys_fit(const struct er_point *point, int64_t targets, struct er_error *err)
{
    if (targets == 1) return ER_OK;
    const struct er_setting *data = er_point_get(point, "data.name");
    if (!data) data = er_point_get(point, "data.file");
    return er_fail_at(err, ER_E_INPUT, NULL, data ? data->line : 0, data ? data->column : 0,
                      "lazy: an example of these data has %" PRId64
                      " targets, and the network one output; data.labels.task: parity makes one of classes",
                      targets);
}
