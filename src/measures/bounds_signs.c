/* bounds_signs.c - Rademacher complexities as expectations over signs: all of them, or a sample.
 *
 * Exact: Gray's code changes one sign at a time, so that each of the 2^m sums costs one addition of a row. A draw:
 * all m signs from the words of one counter after the other, least bit first.
 */
#include <ermine/bounds.h>
#include <ermine/memory.h>
#include <ermine/random.h>
#include <math.h>

/* A class, seen through sums of signed rows: sup_f sum_i sigma_i f(x_i) = supremum(sum_i sigma_i row_i). */
struct class
{
    int64_t m, width;
    void (*add)(const struct class *c, int64_t i, double factor, double *sum); /* sum += factor row_i */
    double (*supremum)(const struct class *c, const double *sum);
    const float *x;  /* m x width */
    const double *a; /* width x m: row_i is a column */
    double *sigma;   /* m */
};

struct er_rademacher_options er_rademacher_options_default(void)
{
    return (struct er_rademacher_options){.draws = 1000, .stream = er_stream(ER_PURPOSE_SIGNS, 0)};
}

static double exact(const struct class *c, double *sum)
{
    double total = 0;
    for (int64_t k = 0; k < c->width; k++) sum[k] = 0;
    for (int64_t i = 0; i < c->m; i++) {
        c->sigma[i] = 1;
        c->add(c, i, 1, sum);
    }
    for (uint32_t code = 1;; code++) {
        total += c->supremum(c, sum);
        if (code >> c->m) return total / exp2((double)c->m);
        int64_t i = 0;
        while (!(code >> i & 1)) i++;
        c->sigma[i] = -c->sigma[i];
        c->add(c, i, 2 * c->sigma[i], sum);
    }
}

static double draw(const struct class *c, const struct er_rademacher_options *o, int64_t number, double *sum)
{
    uint32_t word[4];
    const uint64_t counters = (uint64_t)((c->m + 127) / 128);
    for (int64_t k = 0; k < c->width; k++) sum[k] = 0;
    for (int64_t i = 0; i < c->m; i++) {
        if (i % 128 == 0)
            er_random_words(o->seed, o->stream, (uint64_t)number * counters + (uint64_t)(i / 128), word);
        c->sigma[i] = word[i % 128 / 32] >> (i % 32) & 1 ? 1 : -1;
        c->add(c, i, c->sigma[i], sum);
    }
    return c->supremum(c, sum);
}

static enum er_status expect(struct class *c, double B, const struct er_rademacher_options *options,
                             struct er_rademacher *out, struct er_error *err)
{
    const struct er_rademacher_options o = options ? *options : er_rademacher_options_default();
    const bool all = c->m <= ER_RADEMACHER_EXACT;
    if (c->m < 1 || c->width < 1 || !(B >= 0) || (!all && o.draws < 2))
        return er_fail(
            err, ER_E_USAGE,
            "rademacher: %lld examples, %lld coordinates, radius %g, %lld draws: at least 1, 1, 0 and 2 "
            "are needed",
            (long long)c->m, (long long)c->width, B, (long long)o.draws);
    double *block = er_alloc(c->width + c->m, sizeof *block);
    if (!block) return er_fail(err, ER_E_NOMEM, "rademacher: out of memory");
    c->sigma = block + c->width;
    double mean = 0, square = 0; /* of deviations: Welford */
    if (all)
        mean = exact(c, block);
    else
        for (int64_t t = 0; t < o.draws; t++) {
            const double value = draw(c, &o, t, block), change = value - mean;
            mean += change / (double)(t + 1);
            square += change * (value - mean);
        }
    er_free(block);
    const double scale = B / (double)c->m;
    if (!isfinite(scale * mean))
        return er_fail(err, ER_E_NONFINITE, "rademacher: the expectation is %g", scale * mean);
    const double n = (double)o.draws;
    *out = (struct er_rademacher){.mean = scale * mean,
                                  .standard_error = all ? 0 : scale * sqrt(square / (n - 1) / n),
                                  .draws = all ? 0 : o.draws};
    return ER_OK;
}

static void add_example(const struct class *c, int64_t i, double factor, double *sum)
{
    const float *x = c->x + i * c->width;
    for (int64_t k = 0; k < c->width; k++) sum[k] += factor * (double)x[k];
}

static double length(const struct class *c, const double *sum)
{
    double square = 0;
    for (int64_t k = 0; k < c->width; k++) square += sum[k] * sum[k];
    return sqrt(square);
}

static double largest(const struct class *c, const double *sum)
{
    double most = 0;
    for (int64_t k = 0; k < c->width; k++) most = fabs(sum[k]) > most || isnan(sum[k]) ? fabs(sum[k]) : most;
    return most;
}

/* sum = K sigma */
static double energy(const struct class *c, const double *sum)
{
    double square = 0;
    for (int64_t i = 0; i < c->m; i++) square += c->sigma[i] * sum[i];
    return square < 0 ? 0 : sqrt(square);
}

static void add_column(const struct class *c, int64_t i, double factor, double *sum)
{
    for (int64_t j = 0; j < c->width; j++) sum[j] += factor * c->a[j * c->m + i];
}

static double most(const struct class *c, const double *sum)
{
    double most = sum[0];
    for (int64_t j = 1; j < c->width; j++) most = sum[j] > most || isnan(sum[j]) ? sum[j] : most;
    return most;
}

enum er_status er_rademacher_l2(int64_t m, int64_t d, const float *x, double B,
                                const struct er_rademacher_options *options, struct er_rademacher *out,
                                struct er_error *err)
{
    struct class c = {.m = m, .width = d, .add = add_example, .supremum = length, .x = x};
    return expect(&c, B, options, out, err);
}

enum er_status er_rademacher_l1(int64_t m, int64_t d, const float *x, double B,
                                const struct er_rademacher_options *options, struct er_rademacher *out,
                                struct er_error *err)
{
    struct class c = {.m = m, .width = d, .add = add_example, .supremum = largest, .x = x};
    return expect(&c, B, options, out, err);
}

enum er_status er_rademacher_kernel(int64_t m, const double *K, double B,
                                    const struct er_rademacher_options *options, struct er_rademacher *out,
                                    struct er_error *err)
{
    struct class c = {.m = m, .width = m, .add = add_column, .supremum = energy, .a = K};
    return expect(&c, B, options, out, err);
}

enum er_status er_rademacher_vectors(int64_t n, int64_t m, const double *a,
                                     const struct er_rademacher_options *options, struct er_rademacher *out,
                                     struct er_error *err)
{
    struct class c = {.m = m, .width = n, .add = add_column, .supremum = most, .a = a};
    return expect(&c, 1, options, out, err);
}
