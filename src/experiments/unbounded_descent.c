/* unbounded_descent.c - gradient descent on a product of 2 x 2 matrices. */
#include "experiments/unbounded_descent.h"

#include <math.h>

enum { CHECK = 1 << 16 }; /* steps between two looks at `stop` */

static const struct er_square one = {{1, 0, 0, 1}};

static struct er_square times(const struct er_square *a, const struct er_square *b)
{
    return (struct er_square){{a->w[0] * b->w[0] + a->w[1] * b->w[2], a->w[0] * b->w[1] + a->w[1] * b->w[3],
                               a->w[2] * b->w[0] + a->w[3] * b->w[2], a->w[2] * b->w[1] + a->w[3] * b->w[3]}};
}

static struct er_square transposed(const struct er_square *a)
{
    return (struct er_square){{a->w[0], a->w[2], a->w[1], a->w[3]}};
}

static struct er_square residual(const struct er_unbounded *u)
{
    const double *w = u->product.w;
    return (struct er_square){{0, w[1] - u->given.w12, w[2] - 1, w[3] - u->given.w22}};
}

static void look(struct er_unbounded *u)
{
    u->product = one;
    for (int64_t j = 0; j < u->depth; j++) u->product = times(&u->factor[j], &u->product);
    const struct er_square r = residual(u);
    u->loss = (r.w[1] * r.w[1] + r.w[2] * r.w[2] + r.w[3] * r.w[3]) / 2;
}

struct er_unbounded er_unbounded_start(int64_t depth, double alpha, bool positive, double rate,
                                       struct er_unbounded_given given)
{
    struct er_unbounded u = {.depth = depth, .rate = rate, .given = given};
    const double scale = pow(alpha, 1 / (double)depth);
    for (int64_t j = 0; j < depth; j++) u.factor[j] = (struct er_square){{scale, 0, 0, scale}};
    if (!positive) u.factor[0].w[3] = -scale;
    look(&u);
    return u;
}

void er_unbounded_gradient(const struct er_unbounded *u, struct er_square gradient[ER_UNBOUNDED_MOST])
{
    struct er_square below[ER_UNBOUNDED_MOST], above = one;
    const struct er_square r = residual(u);
    below[0] = one;
    for (int64_t j = 1; j < u->depth; j++) below[j] = times(&u->factor[j - 1], &below[j - 1]);
    for (int64_t j = u->depth - 1; j >= 0; j--) {
        const struct er_square a = transposed(&above), b = transposed(&below[j]), ar = times(&a, &r);
        gradient[j] = times(&ar, &b);
        above = times(&above, &u->factor[j]);
    }
}

enum er_status er_unbounded_until(struct er_unbounded *u, int64_t step, double loss,
                                  const struct er_progress *progress, struct er_error *err)
{
    struct er_square gradient[ER_UNBOUNDED_MOST];
    while (u->step < step && u->loss > loss && isfinite(u->loss)) {
        if (u->step % CHECK == 0 && er_progress_stopped(progress))
            return er_fail(err, ER_E_STOPPED, "unbounded: stopped after step %lld", (long long)u->step);
        er_unbounded_gradient(u, gradient);
        for (int64_t j = 0; j < u->depth; j++)
            for (int k = 0; k < 4; k++) u->factor[j].w[k] -= u->rate * gradient[j].w[k];
        look(u);
        u->step++;
    }
    return ER_OK;
}

double er_unbounded_theory(const struct er_unbounded *u)
{
    const double w22 = u->given.w22 + sqrt(2 * u->loss);
    return w22 > 0 ? u->given.w12 / w22 : (double)NAN;
}

double er_unbounded_determinant(const struct er_unbounded *u)
{
    double product = 1;
    for (int64_t j = 0; j < u->depth; j++) {
        const double *w = u->factor[j].w;
        product *= w[0] * w[3] - w[1] * w[2];
    }
    return product;
}

/* (s1 + s2)^2 = |A|_F^2 + 2 |det A|,  (s1 - s2)^2 = |A|_F^2 - 2 |det A|; and s2 from the determinant, since a difference
 * of the two roots would lose it where it is small. */
void er_square_singular_values(const struct er_square *a, double s[2])
{
    const double *w = a->w, det = fabs(w[0] * w[3] - w[1] * w[2]);
    const double square = w[0] * w[0] + w[1] * w[1] + w[2] * w[2] + w[3] * w[3];
    s[0] = (sqrt(square + 2 * det) + sqrt(fmax(square - 2 * det, 0))) / 2;
    s[1] = s[0] > 0 ? det / s[0] : 0;
}
