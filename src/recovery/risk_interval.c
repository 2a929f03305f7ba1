/* risk_interval.c - users drawn with replacement, a thousand times.
 *
 * A user is its sum of squared errors and its number of entries; a resample adds up pairs of these. A drawn
 * index is floor(u U / 2^32) of a 32-bit word u: of the U users none is more likely than another by more than
 * U / 2^32.
 */
#include "math/quantile.h"

#include <ermine/memory.h>
#include <ermine/random.h>
#include <ermine/risk_interval.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

enum { MOST_RESAMPLES = 1000000, WORDS = 1024, COUNTERS = WORDS / 4 };

static const double outside = 0.025; /* of the resamples, on each side of the interval */

struct user {
    double squares, n;
};

struct resampling {
    const struct user *user;
    int64_t users;
    uint64_t seed;
    double *rmse; /* of each resample */
};

static void resample(void *ctx, int64_t task, int worker)
{
    const struct resampling *r = ctx;
    const uint64_t stream = er_stream(ER_PURPOSE_RESAMPLES, (uint64_t)task);
    uint32_t word[WORDS];
    double squares = 0, n = 0;
    (void)worker;
    for (int64_t done = 0; done < r->users; done += WORDS) {
        const int64_t now = r->users - done < WORDS ? r->users - done : WORDS;
        er_random_many_words(r->seed, stream, (uint64_t)(done / 4), COUNTERS, word);
        for (int64_t i = 0; i < now; i++) {
            const struct user *u = &r->user[((uint64_t)word[i] * (uint64_t)r->users) >> 32];
            squares += u->squares;
            n += u->n;
        }
    }
    r->rmse[task] = sqrt(squares / n);
}

static int by_size(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;
    return a < b ? -1 : a > b;
}

/* Users that have entries. */
static int64_t gather(const struct er_sparse *entries, const double *error, struct user *user)
{
    int64_t users = 0;
    for (int64_t i = 0; i < entries->rows; i++) {
        const int64_t from = entries->row_start[i], to = entries->row_start[i + 1];
        if (from == to) continue;
        double squares = 0;
        for (int64_t e = from; e < to; e++) squares += error[e] * error[e];
        user[users++] = (struct user){.squares = squares, .n = (double)(to - from)};
    }
    return users;
}

static void plain(const double *error, struct er_risk_interval *out)
{
    const double mean = out->rmse * out->rmse;
    double sum = 0;
    for (int64_t k = 0; k < out->n; k++) sum += (error[k] * error[k] - mean) * (error[k] * error[k] - mean);
    const double n = (double)out->n, half = 1.959963984540054 * sqrt(sum / (n - 1) / n); /* 0 / 0 of one */
    out->plain_low = half > mean ? 0 : sqrt(mean - half);
    out->plain_high = sqrt(mean + half);
}

static void draw(const struct resampling *r, int64_t resamples, struct er_pool *pool)
{
    struct resampling own = *r;
    if (pool)
        er_pool_run(pool, resamples, resample, &own);
    else
        for (int64_t b = 0; b < resamples; b++) resample(&own, b, 0);
    qsort(r->rmse, (size_t)resamples, sizeof *r->rmse, by_size);
}

enum er_status er_risk_interval(const struct er_sparse *entries, const double *error, int64_t resamples,
                                uint64_t seed, struct er_pool *pool, struct er_risk_interval *out,
                                struct er_error *err)
{
    if (entries->n == 0) return er_fail(err, ER_E_USAGE, "the error on no held-out ratings is asked for");
    if (resamples < 1 || resamples > MOST_RESAMPLES)
        return er_fail(err, ER_E_USAGE, "an interval of %" PRId64 " resamples; 1 to %d are possible",
                       resamples, MOST_RESAMPLES);
    struct user *user = er_alloc(entries->rows, sizeof *user);
    double *rmse = er_alloc(resamples, sizeof *rmse);
    enum er_status status = ER_OK;
    if (!user || !rmse) {
        status = er_fail(err, ER_E_NOMEM, "out of memory for the interval of %" PRId64 " errors", entries->n);
        goto done;
    }
    struct er_risk_interval made = {.n = entries->n, .low = (double)NAN, .high = (double)NAN};
    made.users = gather(entries, error, user);
    double squares = 0;
    for (int64_t u = 0; u < made.users; u++) squares += user[u].squares;
    made.rmse = sqrt(squares / (double)made.n);
    if (!isfinite(made.rmse)) {
        status = er_fail(err, ER_E_NONFINITE, "an error on held-out ratings, or its square, is not finite");
        goto done;
    }
    plain(error, &made);
    if (made.users > 1) {
        const struct resampling r = {.user = user, .users = made.users, .seed = seed, .rmse = rmse};
        draw(&r, resamples, pool);
        made.low = er_quantile(rmse, resamples, outside);
        made.high = er_quantile(rmse, resamples, 1 - outside);
    }
    *out = made;
done:
    er_free(user);
    er_free(rmse);
    return status;
}
