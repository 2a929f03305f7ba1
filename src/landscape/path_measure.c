/* path_measure.c - loss and error along a path, a place a task. */
#include "landscape/path.h"

#include <ermine/memory.h>
#include <ermine/networks.h>
#include <math.h>
#include <stdatomic.h>

enum { MOST_PLACES = 4096 };

struct measuring {
    const struct er_net *net;
    const struct er_path *path;
    const struct er_dataset *train, *test;
    const struct er_progress *progress;
    int64_t n, P, S;
    float *w, *statistics; /* P and S for each thread */
    struct er_path_point *out;
    struct er_error *error; /* of each place; its status too */
    atomic_bool failed;
};

static enum er_status measure(const struct measuring *m, int64_t place, int worker, struct er_error *err)
{
    struct er_path_point *p = &m->out[place];
    float *w = m->w + worker * m->P, *statistics = m->S ? m->statistics + worker * m->S : NULL;
    struct er_network_measures on_train, on_test = {.loss = (double)NAN, .error = (double)NAN};
    const struct er_network network = {.w = w, .statistics = statistics};
    p->t = (double)place / (double)(m->n - 1);
    er_path_at(m->path, m->P, p->t, w);
    enum er_status status = er_statistics_measure(m->net, w, m->train, statistics, err);
    if (status == ER_OK) status = er_network_measure(m->net, &network, m->train, &on_train, err);
    if (status == ER_OK && m->test) status = er_network_measure(m->net, &network, m->test, &on_test, err);
    if (status != ER_OK) return status;
    p->train_loss = on_train.loss;
    p->train_error = on_train.error;
    p->test_loss = on_test.loss;
    p->test_error = on_test.error;
    return ER_OK;
}

static void work(void *ctx, int64_t place, int worker)
{
    struct measuring *m = ctx;
    struct er_error *err = &m->error[place];
    enum er_status status = ER_OK;
    if (atomic_load(&m->failed)) return;
    if (er_progress_stopped(m->progress))
        status = er_fail(err, ER_E_STOPPED, "path: stopped");
    else
        status = measure(m, place, worker, err);
    err->code = status;
    if (status != ER_OK) atomic_store(&m->failed, true);
}

/* The error of the first place that has one. */
static enum er_status outcome(const struct measuring *m, struct er_error *err)
{
    for (int64_t i = 0; i < m->n; i++) {
        if (m->error[i].code == ER_OK) continue;
        if (err) *err = m->error[i];
        return m->error[i].code;
    }
    return ER_OK;
}

enum er_status er_path_measure(const struct er_net *net, const struct er_path *path,
                               const struct er_dataset *train, const struct er_dataset *test, int64_t n,
                               struct er_pool *pool, const struct er_progress *progress,
                               struct er_path_point *out, struct er_error *err)
{
    const int threads = pool ? er_pool_threads(pool) : 1;
    if (n < 2 || n > MOST_PLACES)
        return er_fail(err, ER_E_USAGE, "path: %lld places, outside of 2 to %d", (long long)n, MOST_PLACES);
    struct measuring m = {.net = net,
                          .path = path,
                          .train = train,
                          .test = test,
                          .progress = progress,
                          .n = n,
                          .P = er_net_parameters(net),
                          .S = er_net_statistics(net),
                          .out = out};
    m.w = er_alloc(threads * m.P, sizeof *m.w);
    m.statistics = er_alloc(threads * m.S, sizeof *m.statistics);
    m.error = er_alloc(n, sizeof *m.error);
    enum er_status status;
    if (m.w && m.statistics && m.error) {
        for (int64_t i = 0; i < n && !pool; i++) work(&m, i, 0);
        if (pool) er_pool_run(pool, n, work, &m);
        status = outcome(&m, err);
    } else
        status = er_fail(err, ER_E_NOMEM, "path: out of memory for %d networks", threads);
    er_free(m.w);
    er_free(m.statistics);
    er_free(m.error);
    return status;
}
