/* binomial.c - terms by their ratios, sums in the log domain from the end where they are small. */
#include "math/binomial.h"

#include <ermine/memory.h>
#include <math.h>

/* ln(e^a + e^b) */
static double log_sum(double a, double b)
{
    const double most = fmax(a, b);
    return isinf(most) ? most : most + log1p(exp(-fabs(a - b)));
}

/* ln(1 - e^a), a <= 0 */
static double log_rest(double a)
{
    return a > -M_LN2 ? log(-expm1(a)) : log1p(-exp(a));
}

/* ln P(X = k): ln C(n, k) is a sum of n logarithms, of which what is rounded away is kept (Kahan). */
static void log_terms(int64_t n, double p, double *term)
{
    const double success = log(p), failure = log1p(-p);
    double choose = 0, lost = 0;
    for (int64_t k = 0; k <= n; k++) {
        term[k] = choose + ((double)k * success + (double)(n - k) * failure);
        const double next = log((double)(n - k) / (double)(k + 1)) - lost, sum = choose + next;
        lost = (sum - choose) - next;
        choose = sum;
    }
}

enum er_status er_binomial_new(int64_t n, double p, struct er_binomial *out, struct er_error *err)
{
    struct er_binomial b = {.n = n, .p = p};
    b.log_below = er_alloc(n + 1, sizeof *b.log_below);
    b.log_above = er_alloc(n + 1, sizeof *b.log_above);
    if (!b.log_below || !b.log_above) {
        er_binomial_clear(&b);
        return er_fail(err, ER_E_NOMEM, "binomial distribution: out of memory for n = %lld", (long long)n);
    }
    double *term = b.log_below; /* ln P(X = k), until its sums take its place */
    log_terms(n, p, term);
    b.log_above[n] = -(double)INFINITY;
    for (int64_t k = n; k > 0; k--) b.log_above[k - 1] = log_sum(b.log_above[k], term[k]);
    for (int64_t k = 1; k <= n; k++) term[k] = log_sum(term[k - 1], term[k]);
    /* of the two sums the smaller one is exact relative to itself; it gives the other */
    for (int64_t k = 0; k < n; k++) {
        if (b.log_below[k] < b.log_above[k])
            b.log_above[k] = log_rest(b.log_below[k]);
        else
            b.log_below[k] = log_rest(b.log_above[k]);
    }
    b.log_below[n] = 0;
    *out = b;
    return ER_OK;
}

void er_binomial_clear(struct er_binomial *b)
{
    er_free(b->log_below);
    er_free(b->log_above);
    *b = (struct er_binomial){0};
}

double er_binomial_mean_least(const struct er_binomial *b, int64_t draws)
{
    double sum = 0;
    for (int64_t k = b->n - 1; k >= 0; k--) sum += exp((double)draws * b->log_above[k]);
    return sum;
}

int64_t er_binomial_least(const struct er_binomial *b, int64_t draws, struct er_random *r)
{
    /* half a step into the interval, for a logarithm that is finite, and below 0 */
    const double u = er_random_uniform(r) + 0x1p-54, log_v = log1p(-u);
    int64_t low = 0, high = b->n; /* the answer is in low..high */
    while (low < high) {
        const int64_t middle = low + (high - low) / 2;
        if ((double)draws * b->log_above[middle] <= log_v)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}
