/* support_vectors.c - with b_i = y_i a_i the problem has box constraints and sum_i b_i = 0, and v_i = y_i - sum_j K_ij b_j
 * is what is left of target i without the bias. A pair (i, j) violates optimality when b_i can rise, b_j fall and
 * v_i > v_j; the step along b_i + s, b_j - s that is best in between is s = (v_i - v_j) / (K_ii + K_jj - 2 K_ij).
 */
#include "math/support_vectors.h"

#include "core/vector.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>

enum { ASKED = 4096 }; /* steps between two looks at `stop` */

static const double LEAST_CURVATURE = 1e-12;

struct fit {
    int64_t n;
    const double *k;
    double *b, *v, *least, *most, *diagonal; /* least <= b <= most */
};

/* The largest v of those whose b can rise, the smallest of those whose can fall. */
static void most_violating(const struct fit *f, int64_t *up, double *high, double *low)
{
    *high = -(double)INFINITY;
    *low = (double)INFINITY;
    for (int64_t i = 0; i < f->n; i++) {
        if (f->b[i] < f->most[i] && f->v[i] > *high) {
            *high = f->v[i];
            *up = i;
        }
        if (f->b[i] > f->least[i] && f->v[i] < *low) *low = f->v[i];
    }
}

static double curvature(const struct fit *f, int64_t i, int64_t j)
{
    return fmax(f->diagonal[i] + f->diagonal[j] - 2 * f->k[i * f->n + j], LEAST_CURVATURE);
}

/* The j that gains most with i: (v_i - v_j)^2 / curvature. */
static int64_t partner(const struct fit *f, int64_t i)
{
    int64_t best = -1;
    double most = 0;
    for (int64_t j = 0; j < f->n; j++) {
        const double off = f->v[i] - f->v[j];
        if (!(f->b[j] > f->least[j]) || !(off > 0)) continue;
        const double gain = off * off / curvature(f, i, j);
        if (gain > most) {
            most = gain;
            best = j;
        }
    }
    return best;
}

ER_VECTOR static void update(int64_t n, double step, const double *row_i, const double *row_j, double *v)
{
#pragma omp simd
    for (int64_t t = 0; t < n; t++) v[t] -= step * (row_i[t] - row_j[t]);
}

static void move(struct fit *f, int64_t i, int64_t j)
{
    const double wanted = (f->v[i] - f->v[j]) / curvature(f, i, j), room_i = f->most[i] - f->b[i],
                 room_j = f->b[j] - f->least[j], step = fmin(wanted, fmin(room_i, room_j));
    f->b[i] = step == room_i ? f->most[i] : f->b[i] + step;
    f->b[j] = step == room_j ? f->least[j] : f->b[j] - step;
    update(f->n, step, f->k + i * f->n, f->k + j * f->n, f->v);
}

/* Mean of v over those strictly inside their box; without any the middle of what optimality allows. */
static double bias_of(const struct fit *f, double high, double low)
{
    double sum = 0;
    int64_t inside = 0;
    for (int64_t i = 0; i < f->n; i++) {
        if (!(f->b[i] > f->least[i] && f->b[i] < f->most[i])) continue;
        sum += f->v[i];
        inside++;
    }
    return inside > 0 ? sum / (double)inside : (high + low) / 2;
}

static enum er_status iterate(struct fit *f, double tolerance, int64_t steps,
                              const struct er_progress *progress, struct er_support_vectors *machine,
                              struct er_error *err)
{
    int64_t i = 0, j;
    double high, low;
    for (;;) {
        most_violating(f, &i, &high, &low);
        machine->converged = !(high - low > tolerance);
        if (machine->converged || machine->steps == steps || (j = partner(f, i)) < 0) break;
        if (machine->steps % ASKED == 0 && er_progress_stopped(progress))
            return er_fail(err, ER_E_STOPPED, "support vectors: interrupted");
        move(f, i, j);
        machine->steps++;
    }
    machine->bias = bias_of(f, high, low);
    return ER_OK;
}

enum er_status er_support_vectors_fit(int64_t n, const double *k, const double *y, double C, double tolerance,
                                      int64_t steps, const struct er_progress *progress,
                                      struct er_support_vectors *out, struct er_error *err)
{
    struct er_support_vectors machine = {.weight = er_alloc(n, sizeof *machine.weight)};
    double *scratch = er_alloc(4 * n, sizeof *scratch);
    enum er_status status = ER_E_NOMEM;
    if (!machine.weight || !scratch) {
        er_fail(err, ER_E_NOMEM, "support vectors: out of memory for %" PRId64 " examples", n);
    } else {
        struct fit f = {.n = n,
                        .k = k,
                        .b = machine.weight,
                        .v = scratch,
                        .least = scratch + n,
                        .most = scratch + 2 * n,
                        .diagonal = scratch + 3 * n};
        for (int64_t i = 0; i < n; i++) {
            f.v[i] = y[i];
            f.least[i] = y[i] > 0 ? 0 : -C;
            f.most[i] = y[i] > 0 ? C : 0;
            f.diagonal[i] = k[i * n + i];
        }
        status = iterate(&f, tolerance, steps, progress, &machine, err);
    }
    er_free(scratch);
    if (status == ER_OK)
        *out = machine;
    else
        er_support_vectors_clear(&machine);
    return status;
}

void er_support_vectors_clear(struct er_support_vectors *machine)
{
    er_free(machine->weight);
    *machine = (struct er_support_vectors){0};
}
