/* kernel_regression_keys.c - `kernel-regression.*` of a study point -> er_kernel.
 */
#include "experiments/kernel_regression_keys.h"

#include "experiments/key_rows.h"
#include <string.h>

#define KEY "kernel-regression"

const struct er_schema_row er_kernel_regression_keys_row[] = {
    MAP(KEY, NULL,
        "fits a kernel to the training set exactly; the targets are one-hot vectors, or signs for two "
        "classes"),
    {KEY ".kernel", "", 0, 0, "gaussian laplace linear polynomial", "gaussian",
     "follows from the map that is given below; write it when all defaults do", ER_SCHEMA_CHOICE, true},
    MAP(KEY ".gaussian", "kernel", "exp(-rate |x - z|^2)"),
    REAL(KEY ".gaussian.rate", "", 0, 1e300, "0.02", "of the squared distance, above 0"),
    MAP(KEY ".laplace", "kernel", "exp(-rate |x - z|)"),
    REAL(KEY ".laplace.rate", "", 0, 1e300, "0.1", "of the distance, above 0"),
    MAP(KEY ".polynomial", "kernel", "(scale x.z + offset)^degree"),
    {KEY ".polynomial.degree", "", 1, 100, NULL, "3", "the power", ER_SCHEMA_INTEGER, true},
    REAL(KEY ".polynomial.scale", "", 0, 1e300, "1", "of the inner product, above 0"),
    REAL(KEY ".polynomial.offset", "", 0, 1e300, "1", "added to it: terms of lower degree count the more"),
    REAL(KEY ".ridge", "", 0, 1e300, "0",
         "added to the diagonal of the kernel matrix: times the squared norm, it is minimised "
         "with the sum of squared errors; 0: interpolation"),
    {0},
};

struct er_kernel er_kernel_regression_keys_kernel(const struct er_point *point)
{
    const char *kind = er_point_text(point, KEY ".kernel", "gaussian");
    if (strcmp(kind, "laplace") == 0)
        return (struct er_kernel){.kind = ER_KERNEL_LAPLACE,
                                  .rate = er_point_real(point, KEY ".laplace.rate", 0)};
    if (strcmp(kind, "linear") == 0) return (struct er_kernel){.kind = ER_KERNEL_LINEAR};
    if (strcmp(kind, "polynomial") == 0)
        return (struct er_kernel){.kind = ER_KERNEL_POLYNOMIAL,
                                  .degree = er_point_integer(point, KEY ".polynomial.degree", 1),
                                  .scale = er_point_real(point, KEY ".polynomial.scale", 1),
                                  .offset = er_point_real(point, KEY ".polynomial.offset", 1)};
    return (struct er_kernel){.kind = ER_KERNEL_GAUSSIAN,
                              .rate = er_point_real(point, KEY ".gaussian.rate", 0)};
}

enum er_status er_kernel_regression_keys_check(const struct er_point *point, struct er_error *err)
{
    static const char *const positive[] = {KEY ".gaussian.rate", KEY ".laplace.rate",
                                           KEY ".polynomial.scale"};
    for (size_t i = 0; i < sizeof positive / sizeof *positive; i++) {
        const struct er_setting *setting = er_point_get(point, positive[i]);
        if (setting && !(setting->number > 0))
            return er_fail_at(err, ER_E_INPUT, NULL, setting->line, setting->column,
                              "%s must be above 0, got %s", positive[i], setting->text);
    }
    return ER_OK;
}
