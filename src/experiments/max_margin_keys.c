/* max_margin_keys.c - see max_margin_keys.h. */
#include "experiments/max_margin_keys.h"

#include "experiments/data_keys.h"
#include "experiments/key_rows.h"
#include "experiments/point.h"

#include <inttypes.h>
#include <math.h>

const struct er_schema_row er_max_margin_keys_row[] = {
    MAP("max-margin", NULL,
        "gradient descent on the logistic loss of a linear classifier, beside the one of largest margin"),
    INTEGER("max-margin.steps", "steps", 1, 1e9, "100000", "how many; about as many records in each decade"),
    INTEGER("max-margin.records", "", 1, 100, "10", "records of the curve in a decade of steps"),
    CHOICE("max-margin.gradient", "plain normalised", "plain",
           "normalised: the gradient is divided by the loss, so that steps do not shrink with it"),
    REAL(
        "max-margin.rate", "", 1e-300, 1e300, "",
        "learning rate; without it 1 / the squared largest singular value of the inputs, normalised: 1 / the "
        "largest squared norm of an input"),
    REAL("max-margin.start", "", 0, 1e300, "0",
         "norm of the random weights at which it begins; the seed draws them"),
    BOOL("max-margin.bias", "false",
         "a constant input of 1 beside those of the data: a plane off the origin"),
    {0},
};

struct er_margin_spec er_max_margin_keys_spec(const struct er_point *point)
{
    return (struct er_margin_spec){.steps = er_point_integer(point, "max-margin.steps", 1),
                                   .per_decade = er_point_integer(point, "max-margin.records", 1),
                                   .normalised = er_point_real(point, "max-margin.gradient", 0) != 0,
                                   .rate = er_point_real(point, "max-margin.rate", (double)NAN),
                                   .start = er_point_real(point, "max-margin.start", 0),
                                   .bias = er_point_bool(point, "max-margin.bias", false),
                                   .seed = point->seed};
}

enum er_status er_max_margin_keys_classes(const struct er_point *point, int64_t classes, struct er_error *err)
{
    if (classes == 2) return ER_OK;
    const char *path = er_point_get(point, "data.name") ? "data.name" : "data.file";
    return er_point_fail(point, path, err,
                         "max-margin tells two classes apart, and these data have %" PRId64
                         "; data.labels.task: parity makes two of them",
                         classes);
}
