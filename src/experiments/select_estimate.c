/* select_estimate.c - runs of the same sizes are a kind, which is tried with fewer classifiers: time is in proportion to
 * classifiers and repeats.
 */
#include "experiments/select_estimate.h"

#include "core/available.h"
#include "core/clock.h"
#include "experiments/select_draw.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

static const double TRIED = 2e7; /* flops of one repeat, by er_select_draw()'s count */

/* Runs that take the same. */
struct kind {
    int64_t examples, classifiers, dimension, repeats,
        drawn; /* drawn: repeats of which all classifiers are */
    double seconds;
};

static struct kind kind_of(const struct er_point *point)
{
    struct kind k = {.examples = er_point_integer(point, "select.examples", 1),
                     .classifiers = er_point_integer(point, "select.classifiers", 1),
                     .dimension = er_point_integer(point, "select.linear.dimension", 0),
                     .repeats = er_point_integer(point, "select.repeats", 2)};
    const bool at_once = strcmp(er_point_text(point, "select.coin-flips.draw", ""), "least") == 0;
    k.drawn = at_once ? 1 : k.repeats;
    return k;
}

static bool is_same(const struct kind *a, const struct kind *b)
{
    return a->examples == b->examples && a->classifiers == b->classifiers && a->dimension == b->dimension &&
           a->repeats == b->repeats && a->drawn == b->drawn;
}

/* Of each repeat its least, and what the best does on fresh examples; of each number of mistakes a count, three curves, and a distribution or two. */
static double bytes_of(const struct kind *k, int threads)
{
    const struct er_select select = {
        .examples = k->examples, .classifiers = k->classifiers, .dimension = k->dimension};
    return sizeof(double) * (2 * (double)k->repeats + 8 * (double)(k->examples + 1)) +
           er_select_scratch_bytes(&select, threads);
}

static enum er_status try_kind(struct kind *k, struct er_pool *pool, const struct er_progress *progress,
                               struct er_error *err)
{
    const double flops = (double)k->examples * (double)(k->dimension > 0 ? 2 * k->dimension : 1),
                 classifiers = fmin((double)k->classifiers, ceil(TRIED / flops));
    const int64_t threads = er_pool_threads(pool), repeats = k->drawn < threads ? k->drawn : threads,
                  waves = (k->drawn + threads - 1) / threads;
    const struct er_select select = {
        .examples = k->examples, .classifiers = (int64_t)classifiers, .dimension = k->dimension};
    const struct er_progress quiet = {.stop = progress ? progress->stop : NULL};
    int64_t *least = er_alloc(2 * repeats, sizeof *least), *count = er_alloc(k->examples + 1, sizeof *count);
    const double began = er_clock_s();
    const enum er_status status =
        least && count ? er_select_draw(&select, repeats, least, least + repeats, count, pool, &quiet, err)
                       : er_fail(err, ER_E_NOMEM, "select: out of memory for a calibration");
    k->seconds = (er_clock_s() - began) * (double)k->classifiers / classifiers * (double)waves;
    er_free(least);
    er_free(count);
    return status;
}

enum er_status er_select_estimate(const struct er_point *point, int64_t n,
                                  const struct er_data_places *places, struct er_pool *pool,
                                  const struct er_progress *progress, struct er_estimate *out,
                                  struct er_error *err)
{
    struct er_estimate e = {.at_once = 1, .memory = er_memory_available()};
    struct kind *seen = er_alloc(n, sizeof *seen);
    enum er_status status =
        seen ? ER_OK : er_fail(err, ER_E_NOMEM, "select: out of memory for %" PRId64 " runs", n);
    (void)places;
    for (int64_t i = 0; i < n && seen && status == ER_OK; i++) {
        struct kind kind = kind_of(&point[i]);
        int64_t at = 0;
        while (at < e.ensembles && !is_same(&seen[at], &kind)) at++;
        if (at == e.ensembles) {
            status = try_kind(&kind, pool, progress, err);
            if (status != ER_OK) break;
            e.run_bytes = (size_t)fmax((double)e.run_bytes, bytes_of(&kind, er_pool_threads(pool)));
            seen[e.ensembles++] = kind;
        }
        e.seconds += seen[at].seconds;
    }
    er_free(seen);
    if (status == ER_OK) *out = e;
    return status;
}
