/* factor_plan.c - how the factors lie and which products a step has: counted. */
#include "recovery/factor.h"

#include <string.h>

/* A product by entries takes so much longer a multiplication than a dense one (measured at 50 to 300). */
static const double BY_ENTRIES = 1.75, BY_ENTRIES_SINGLE = 2.2;

static int64_t padded(const struct er_factor_plan *plan, int64_t columns)
{
    return (columns + plan->lanes - 1) / plan->lanes * plan->lanes;
}

static void lay(struct er_factor_plan *plan)
{
    const int64_t N = plan->depth;
    for (int64_t i = 0; i < N; i++) {
        struct er_factor_piece *p = &plan->piece[i];
        p->rows = i == N - 1 ? plan->m : i == 0 ? plan->n : plan->width;
        p->columns = N == 1 ? plan->n : plan->width;
        p->ld = N == 1 ? plan->ld_w : plan->ld;
        p->at = plan->numbers;
        plan->numbers += (p->rows * p->ld + plan->lanes - 1) / plan->lanes * plan->lanes;
    }
}

void er_factor_plan_make(enum er_recovery_kind kind, int64_t rows, int64_t columns, int64_t n,
                         const struct er_factorise_spec *spec, struct er_factor_plan *plan)
{
    const int64_t least = rows < columns ? rows : columns;
    *plan = (struct er_factor_plan){.kind = kind, .depth = spec->depth, .entries = n};
    plan->turned = kind == ER_COMPLETION && spec->depth > 1 && rows < columns;
    plan->m = plan->turned ? columns : rows;
    plan->n = plan->turned ? rows : columns;
    plan->width = spec->width > 0 ? spec->width : least;
    plan->dense =
        kind == ER_SENSING || spec->depth == 1 ||
        (spec->single ? BY_ENTRIES_SINGLE : BY_ENTRIES) * (double)n > (double)rows * (double)columns;
    plan->middle = spec->depth > 3 && plan->width < plan->n;
    plan->few = kind == ER_COMPLETION && spec->depth == 1 && spec->weight_decay == 0 &&
                4 * (double)n < (double)rows * (double)columns;
    plan->size = spec->single ? sizeof(float) : sizeof(double);
    plan->lanes = 64 / (int64_t)plan->size;
    plan->ld = padded(plan, plan->width);
    plan->ld_w = kind == ER_SENSING ? plan->n : padded(plan, plan->n);
    lay(plan);
}

int er_factor_piece_of(const struct er_factor_plan *plan, int64_t j, bool *transposed)
{
    const int64_t N = plan->depth;
    if (plan->turned) {
        *transposed = j == 1;
        return (int)(j == 1 ? N - 1 : N - j);
    }
    *transposed = j < N;
    return (int)(j - 1);
}

/* Numbers beside factors, gradients, moments and observations. */
static double products(const struct er_factor_plan *plan)
{
    const double N = (double)plan->depth, side = (double)plan->n * (double)plan->ld,
                 core = (double)plan->width * (double)plan->ld;
    if (plan->depth == 1) return 0;
    double sum =
        plan->dense ? 2 * (double)plan->m * (double)plan->ld_w + (double)plan->width * (double)plan->ld_w : 0;
    if (plan->depth > 2) sum += core + 2 * side;
    if (plan->middle) return sum + side + (N - 3) * core + 2 * core;
    return sum + (N - 2) * side;
}

double er_factorise_bytes(enum er_recovery_kind kind, int64_t rows, int64_t columns, int64_t n,
                          const struct er_factorise_spec *spec)
{
    struct er_factor_plan plan;
    er_factor_plan_make(kind, rows, columns, n, spec, &plan);
    const double blocks = spec->optimiser == ER_FACTOR_ADAM ? 4 : 2, observed = (double)n;
    double sum = (blocks * (double)plan.numbers + products(&plan)) * (double)plan.size;
    sum += observed * (double)plan.size * (spec->single || plan.turned ? 2 : 1);
    if (plan.turned) sum += observed * sizeof(int64_t);
    sum += (double)plan.numbers / ER_FACTOR_PIECE * sizeof(double); /* sums of tasks */
    if (kind == ER_SENSING) sum += observed * sizeof(double);
    if (kind == ER_SENSING && spec->single) sum += observed * (double)rows * (double)columns * sizeof(float);
    return sum + er_factor_start_bytes(&plan, spec);
}

double er_factorise_flops(enum er_recovery_kind kind, int64_t rows, int64_t columns, int64_t n,
                          const struct er_factorise_spec *spec)
{
    struct er_factor_plan plan;
    er_factor_plan_make(kind, rows, columns, n, spec, &plan);
    const double N = (double)plan.depth, w = (double)plan.width, short_side = (double)plan.n;
    const double dense = (double)plan.m * short_side, observed = (double)n;
    double sum = 4 * (plan.few ? observed : (double)plan.numbers);
    if (kind == ER_SENSING) sum += 4 * observed * dense;
    if (plan.depth == 1) return sum + (kind == ER_COMPLETION ? 4 * observed : 0);
    sum += 6 * w * (plan.dense ? dense : observed);
    return sum + (plan.middle ? 6 * short_side * w * w + 6 * (N - 3) * w * w * w
                              : 6 * (N - 2) * short_side * w * w);
}
