/* factorised.c - see factorised.h. */
#include "support/factorised.h"

#include "support/completion.h"
#include "t.h"

struct er_recovery factorised_problem(enum er_recovery_kind kind, int64_t rows, int64_t columns, int64_t n,
                                      double noise)
{
    return made_recovery(kind, rows, columns, 2, n, noise, er_recovery_spec_default().seed);
}

struct er_factorisation *factorised(const struct er_recovery *p, const struct er_factorise_spec *spec)
{
    struct er_error err;
    struct er_factorisation *f = NULL;
    T_STATUS(er_factorisation_new(p, spec, &f, &err), ER_OK, "a factorisation");
    return f;
}

enum er_factorise_end factorised_run(struct er_factorisation *f, int64_t step, struct er_pool *pool)
{
    struct er_error err;
    enum er_factorise_end end = ER_FACTORISE_DIVERGED;
    const struct er_factorise_until until = {.step = step, .loss = -1, .gradient = -1};
    T_STATUS(er_factorisation_run(f, &until, pool, NULL, &end, &err), ER_OK, "to step %d", (int)step);
    return end;
}

double *factorised_all(struct er_factorisation *f, int64_t depth, bool gradient, int64_t *n)
{
    struct er_error err;
    double *out = NULL;
    *n = 0;
    for (int64_t j = 1; j <= depth; j++) {
        int64_t rows, columns;
        er_factorisation_shape(f, j, &rows, &columns);
        out = er_grow(out, *n, *n + rows * columns, sizeof *out);
        if (gradient)
            T_STATUS(er_factorisation_gradient(f, j, out + *n, &err), ER_OK, "gradient");
        else
            er_factorisation_factor(f, j, out + *n);
        *n += rows * columns;
    }
    return out;
}
