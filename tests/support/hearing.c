/* hearing.c - see hearing.h. */
#include "support/hearing.h"

#include "support/needed.h"

#include <stdio.h>
#include <string.h>

static enum er_status on_begin(void *ctx, int64_t request, bool *skip, const void **state, size_t *bytes,
                               struct er_error *e)
{
    struct hearing *h = ctx;
    struct said *said = &h->said[request];
    (void)e;
    if (said->state) {
        er_free(said->given);
        said->given = said->state;
        said->given_bytes = said->bytes;
        said->state = NULL;
    }
    *skip = said->ended > 0;
    if (!*skip) {
        said->found = 0;
        said->sum = 0;
    }
    *state = said->given;
    *bytes = said->given_bytes;
    return ER_OK;
}

static enum er_status on_checkpoint(void *ctx, int64_t request, const void *state, size_t bytes,
                                    struct er_error *e)
{
    struct hearing *h = ctx;
    struct said *said = &h->said[request];
    unsigned char *copy = needed((int64_t)bytes, 1);
    (void)e;
    memcpy(copy, state, bytes);
    er_free(said->state);
    said->state = copy;
    said->bytes = bytes;
    if (atomic_fetch_add(&h->checkpoints, 1) % STOP_AFTER == STOP_AFTER - 1 && h->stop)
        atomic_store(h->stop, true);
    return ER_OK;
}

static enum er_status on_found(void *ctx, int64_t request, const struct er_minimum *minimum,
                               struct er_error *e)
{
    struct hearing *h = ctx;
    struct said *said = &h->said[request];
    const int64_t P = er_net_parameters(h->request[request].net);
    (void)e;
    said->misnumbered += minimum->number != said->found++;
    said->sum += (minimum->margin + minimum->test_error + minimum->norm) * (double)(minimum->tried % 7 + 1);
    said->minimum = *minimum;
    er_free(said->w);
    said->w = NULL;
    if (!minimum->w) return ER_OK;
    said->w = needed(P, sizeof *said->w);
    memcpy(said->w, minimum->w, (size_t)P * sizeof *said->w);
    return ER_OK;
}

static enum er_status on_end(void *ctx, int64_t request, const struct er_minima_result *result,
                             struct er_error *e)
{
    struct hearing *h = ctx;
    (void)e;
    h->said[request].ended++;
    h->said[request].tried = result->tried;
    snprintf(h->said[request].outcome, sizeof h->said[request].outcome, "%s", result->outcome);
    return ER_OK;
}

void hearing_clear(struct hearing *h)
{
    for (int i = 0; i < MOST; i++) {
        er_free(h->said[i].w);
        er_free(h->said[i].state);
        er_free(h->said[i].given);
    }
    *h = (struct hearing){0};
}

enum er_status hearing_find(const struct er_minimum_request *request, int64_t n, int threads,
                            double checkpoint_seconds, struct hearing *h, struct er_error *err)
{
    struct er_pool *pool = needed_pool(threads);
    h->request = request;
    const struct er_progress progress = {.stop = h->stop};
    const struct er_minima_events events = {.ctx = h,
                                            .begin = on_begin,
                                            .checkpoint = on_checkpoint,
                                            .found = on_found,
                                            .end = on_end,
                                            .checkpoint_seconds = checkpoint_seconds};
    const enum er_status status = er_minima_find(request, n, pool, &progress, &events, err);
    er_pool_free(pool);
    return status;
}

bool hearing_same(const struct said *a, const struct said *b, const struct er_net *net)
{
    const void *u = a->w, *v = b->w;
    return u && v && memcmp(u, v, (size_t)er_net_parameters(net) * sizeof(float)) == 0 &&
           strcmp(a->outcome, b->outcome) == 0;
}
