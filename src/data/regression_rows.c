/* regression_rows.c - training and test rows of a table of numbers; its inputs to mean 0 and deviation 1.
 *
 *     x_j <- (x_j - m_j) / s_j    m_j, s_j over the training rows, s_j the population's
 *
 * An input that is the same in all training rows becomes 0, in the test rows too.
 */
#include "data/choose.h"
#include "data/regression.h"

#include <ermine/memory.h>
#include <math.h>

static void copy_row(const struct er_regression_rows *rows, int64_t row, double *x, double *y)
{
    const double *value = rows->value + row * rows->columns;
    for (int64_t c = 0; c < rows->columns; c++)
        if (c == rows->target)
            *y = value[c];
        else
            *x++ = value[c];
}

/* Mean and scale of input j; a scale of 0 where it does not vary. */
static void input_moments(const struct er_regression *set, int64_t j, double *mean, double *scale)
{
    double sum = 0, square = 0;
    bool varies = false;
    for (int64_t i = 0; i < set->n; i++) {
        sum += set->x[i * set->d + j];
        if (set->x[i * set->d + j] != set->x[j]) varies = true;
    }
    *mean = sum / (double)set->n;
    for (int64_t i = 0; i < set->n; i++) {
        const double e = set->x[i * set->d + j] - *mean;
        square += e * e;
    }
    *scale = varies && square > 0 ? 1 / sqrt(square / (double)set->n) : 0;
}

static void standardise(struct er_regression *train, struct er_regression *test)
{
    for (int64_t j = 0; j < train->d; j++) {
        double mean, scale;
        input_moments(train, j, &mean, &scale);
        for (int part = 0; part < 2; part++) {
            struct er_regression *set = part ? test : train;
            for (int64_t i = 0; i < set->n; i++)
                set->x[i * set->d + j] = scale > 0 ? (set->x[i * set->d + j] - mean) * scale : 0;
        }
    }
}

enum er_status er_regression_take(const struct er_regression_rows *rows, const struct er_data_spec *spec,
                                  const int64_t size[2], bool in_order, struct er_regression_split *out,
                                  struct er_error *err)
{
    const struct er_choice choice = {.seed = spec->seed,
                                     .stream = er_stream(ER_PURPOSE_SPLIT, 0),
                                     .first = spec->first || in_order,
                                     .n = rows->n};
    int64_t *chosen = er_alloc(rows->n, sizeof *chosen);
    if (!chosen) return er_fail(err, ER_E_NOMEM, "out of memory while choosing rows");
    enum er_status status = er_choose(&choice, 2, size, chosen, err);
    const int64_t *row = chosen;
    for (int part = 0; part < 2 && status == ER_OK; part++) {
        struct er_regression *set = part ? &out->test : &out->train;
        status = er_regression_new(size[part], rows->columns - 1, 1, false, set, err);
        for (int64_t i = 0; status == ER_OK && i < size[part]; i++)
            copy_row(rows, *row++, set->x + i * set->d, set->y + i);
    }
    er_free(chosen);
    if (status == ER_OK && spec->standardise != ER_STANDARDISE_NONE) standardise(&out->train, &out->test);
    return status;
}
