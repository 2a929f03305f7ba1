/* drawn.c - draws in blocks over the threads of a pool; those that fit, in their order.
 *
 * A wave is some blocks for each thread. Which draws of a wave fit does not depend on who looked at them, and they are
 * taken in their order, so that the number of threads decides only how much of the last wave was in vain. Numbers of
 * minima are kept, not weights: these are drawn again when they are handed over, also after an interruption.
 */
#include "minima/drawn.h"

#include "minima/trial.h"

#include <ermine/memory.h>
#include <ermine/random.h>
#include <string.h>

enum { BLOCK = 512, BLOCKS = 8 }; /* draws of a task; tasks of a wave for each thread */

/* What one thread needs. */
struct room {
    struct er_trial_room trial;
    uint32_t *word;
    float *w;
};

/* The draws of a block that fit, as numbers within it. */
struct kept {
    int64_t n;
    int16_t at[BLOCK];
};

/* One request. */
struct search {
    const struct er_minimum_request *request;
    struct er_state state;
    struct er_prior prior;
    struct er_trial trial;
    float *statistics; /* S, as they are at first */
    struct room *room; /* one a thread */
    int threads;
    struct kept *kept; /* one a block */
    int64_t blocks;    /* of a wave */
    int64_t first;     /* draw of the wave under way */
    int64_t tried, found;
    struct er_minimum *minimum; /* of a wave, at most one a draw; weights not set */
    int64_t *number;            /* of the draws that these are */
    int64_t n;                  /* how many of them */
    int64_t *past, past_room;   /* the draws of all `found` minima, where checkpoints are wanted */
    struct er_error *error;     /* one a thread: of measuring */
};

static void draw(const struct search *s, struct room *room, int64_t number)
{
    er_prior_draw(&s->prior, s->request->seed_initialise, er_stream(ER_PURPOSE_PRIOR, (uint64_t)number),
                  room->word, room->w);
}

static void look(void *ctx, int64_t task, int worker)
{
    struct search *s = ctx;
    struct room *room = &s->room[worker];
    struct kept *kept = &s->kept[task];
    const int64_t from = s->first + task * BLOCK, left = s->request->settings.draws - from;
    kept->n = 0;
    for (int64_t i = 0; i < (left < BLOCK ? left : BLOCK); i++) {
        draw(s, room, from + i);
        if (er_trial_margin(&s->trial, &room->trial, room->w, s->statistics) > 0)
            kept->at[kept->n++] = (int16_t)i;
    }
}

static void measure(void *ctx, int64_t task, int worker)
{
    struct search *s = ctx;
    struct room *room = &s->room[worker];
    struct er_minimum *minimum = &s->minimum[task];
    if (s->error[worker].code != ER_OK) return;
    draw(s, room, s->number[task]);
    *minimum = (struct er_minimum){
        .number = s->found + task, .tried = s->number[task] + 1, .w = room->w, .statistics = s->statistics};
    er_minimum_measure(s->request, minimum, &s->error[worker]);
}

/* The wave's minima in the order of their draws, up to `most` of all. */
static void gather(struct search *s)
{
    const int64_t room = s->request->settings.most - s->found;
    s->n = 0;
    for (int64_t b = 0; b < s->blocks; b++)
        for (int64_t i = 0; i < s->kept[b].n && s->n < room; i++)
            s->number[s->n++] = s->first + b * BLOCK + s->kept[b].at[i];
    const int64_t end = s->first + s->blocks * BLOCK, draws = s->request->settings.draws;
    s->tried = s->n == room ? s->number[s->n - 1] + 1 : end < draws ? end : draws;
}

static enum er_status hand_over(struct search *s, int64_t number, struct er_pool *pool,
                                const struct er_minima_events *events, struct er_error *err)
{
    er_pool_run(pool, s->n, measure, s);
    for (int t = 0; t < s->threads; t++)
        if (s->error[t].code != ER_OK) {
            if (err) *err = s->error[t];
            return s->error[t].code;
        }
    for (int64_t i = 0; i < s->n; i++) {
        draw(s, &s->room[0], s->number[i]);
        s->minimum[i].w = s->room[0].w;
        enum er_status status = events->found(events->ctx, number, &s->minimum[i], err);
        if (status != ER_OK) return status;
    }
    return ER_OK;
}

static enum er_status open_rooms(struct search *s, struct er_error *err)
{
    for (int t = 0; t < s->threads; t++) {
        struct room *room = &s->room[t];
        enum er_status status = er_trial_room_new(&s->trial, &room->trial, err);
        if (status != ER_OK) return status;
        room->word = er_alloc(s->prior.words, sizeof *room->word);
        room->w = er_alloc(s->prior.n, sizeof *room->w);
        if (!room->word || !room->w) return er_fail(err, ER_E_NOMEM, "minima: out of memory for a draw");
    }
    return ER_OK;
}

static enum er_status open_search(struct search *s, enum er_prior_law law, struct er_error *err)
{
    const struct er_minimum_request *request = s->request;
    enum er_status status =
        er_prior_new(request->net, law, law == ER_PRIOR_OWN ? 1 : request->settings.scale, &s->prior, err);
    if (status == ER_OK) status = er_trial_new(request->net, request->train, &s->trial, err);
    if (status != ER_OK) return status;
    s->blocks = (int64_t)BLOCKS * s->threads;
    s->statistics = er_alloc(er_net_statistics(request->net), sizeof *s->statistics);
    s->room = er_alloc(s->threads, sizeof *s->room);
    s->error = er_alloc(s->threads, sizeof *s->error);
    s->kept = er_alloc(s->blocks, sizeof *s->kept);
    s->minimum = er_alloc(s->blocks * BLOCK, sizeof *s->minimum);
    s->number = er_alloc(s->blocks * BLOCK, sizeof *s->number);
    if (!s->statistics || !s->room || !s->error || !s->kept || !s->minimum || !s->number)
        return er_fail(err, ER_E_NOMEM, "minima: out of memory for a wave of draws");
    status = open_rooms(s, err);
    if (status == ER_OK) er_net_initialise(request->net, 0, s->room[0].w, s->statistics);
    return status;
}

static void close_search(struct search *s)
{
    for (int t = 0; s->room && t < s->threads; t++) {
        er_trial_room_clear(&s->room[t].trial);
        er_free(s->room[t].word);
        er_free(s->room[t].w);
    }
    er_trial_clear(&s->trial);
    er_prior_clear(&s->prior);
    er_free(s->statistics);
    er_free(s->room);
    er_free(s->error);
    er_free(s->kept);
    er_free(s->minimum);
    er_free(s->number);
    er_free(s->past);
}

static void report(const struct er_sampling *sampling, int64_t done, const struct search *s)
{
    const struct er_progress *progress = sampling->progress;
    if (!progress || !progress->report) return;
    const struct er_minima_settings *asked = &s->request->settings;
    const double draws = (double)s->tried / (double)asked->draws,
                 found = (double)s->found / (double)asked->most;
    const struct er_progress_report report = {.what = "minima",
                                              .unit = "runs",
                                              .done = (double)done + (draws > found ? draws : found),
                                              .total = (double)sampling->n};
    progress->report(progress->ctx, &report);
}

/* Keeps the wave's draws for checkpoints. */
static enum er_status remember(struct search *s, struct er_error *err)
{
    const int64_t n = s->found + s->n;
    if (n > s->past_room) {
        int64_t *grown = er_grow(s->past, s->past_room, 2 * n, sizeof *grown);
        if (!grown) return er_fail(err, ER_E_NOMEM, "minima: out of memory for %lld minima", (long long)n);
        s->past = grown;
        s->past_room = 2 * n;
    }
    if (s->n > 0) memcpy(s->past + s->found, s->number, (size_t)s->n * sizeof *s->past);
    return ER_OK;
}

/* Hands the wave's minima over and counts them. */
static enum er_status end_wave(struct search *s, const struct er_sampling *sampling, struct er_error *err)
{
    const struct er_minima_events *events = sampling->events;
    enum er_status status = ER_OK;
    if (events->found) status = hand_over(s, s->state.number, sampling->pool, events, err);
    if (status == ER_OK && events->checkpoint) status = remember(s, err);
    s->found += s->n;
    return status;
}

/* What a checkpoint says beside the draws. */
struct numbers {
    int64_t first, tried;
    double seconds;
};

/* Begins at the first draw, or where a checkpoint says, with the minima of the draws before. */
static enum er_status begin(struct search *s, const struct er_sampling *sampling, const void *from,
                            size_t bytes, struct er_error *err)
{
    struct numbers numbers = {0};
    struct er_state_part part[] = {{&numbers, sizeof numbers}, {NULL, sizeof *s->number}};
    enum er_status status = ER_OK;
    const bool taken = er_state_take(s->request, from, bytes, part, 2);
    const int64_t n = taken ? (int64_t)(part[1].bytes / sizeof *s->number) : 0, wave = s->blocks * BLOCK;
    er_state_begin(&s->state, numbers.seconds);
    for (int64_t i = 0; i < n && status == ER_OK; i += s->n) {
        s->n = n - i < wave ? n - i : wave;
        memcpy(s->number, (const unsigned char *)part[1].at + i * (int64_t)sizeof *s->number,
               (size_t)s->n * sizeof *s->number);
        status = end_wave(s, sampling, err);
    }
    s->first = numbers.first;
    s->tried = numbers.tried;
    return status;
}

static enum er_status pause(struct search *s, const struct er_sampling *sampling, struct er_error *err)
{
    struct numbers numbers = {s->first, s->tried, er_state_seconds(&s->state)};
    const struct er_state_part part[] = {{&numbers, sizeof numbers},
                                         {s->past, s->past ? (size_t)s->found * sizeof *s->past : 0}};
    return er_state_pause(&s->state, er_progress_stopped(sampling->progress), part, 2, err);
}

static enum er_status search(struct search *s, const struct er_sampling *sampling, int64_t done,
                             struct er_error *err)
{
    const struct er_minima_settings *asked = &s->request->settings;
    enum er_status status = ER_OK;
    while (status == ER_OK && s->found < asked->most && s->first < asked->draws) {
        status = pause(s, sampling, err);
        if (status != ER_OK) break;
        er_pool_run(sampling->pool, s->blocks, look, s);
        gather(s);
        status = end_wave(s, sampling, err);
        s->first += s->blocks * BLOCK;
        report(sampling, done, s);
    }
    return status;
}

static enum er_status answer(const struct er_sampling *sampling, int64_t i, enum er_prior_law law,
                             const void *from, size_t bytes, struct er_error *err)
{
    const int64_t number = sampling->which[i];
    const struct er_minima_events *events = sampling->events;
    struct search s = {.request = &sampling->request[number],
                       .state = {.sampling = sampling, .number = number},
                       .threads = er_pool_threads(sampling->pool)};
    enum er_status status = open_search(&s, law, err);
    if (status == ER_OK) status = begin(&s, sampling, from, bytes, err);
    if (status == ER_OK) status = search(&s, sampling, i, err);
    if (status == ER_OK && events->end) {
        const struct er_minima_result result = {.outcome =
                                                    s.found == s.request->settings.most ? "found" : "draws",
                                                .cause = "",
                                                .tried = s.tried,
                                                .found = s.found,
                                                .seconds = er_state_seconds(&s.state)};
        status = events->end(events->ctx, number, &result, err);
    }
    close_search(&s);
    return status;
}

enum er_status er_drawn_check(const struct er_minimum_request *request, struct er_error *err)
{
    const struct er_minima_settings *asked = &request->settings;
    if (er_net_statistics(request->net) > 0)
        return er_fail(err, ER_E_UNSUPPORTED, "%s: the model has batch norm, whose statistics no draw has",
                       request->sampler->info.name);
    if (asked->draws < 1 || asked->draws > (int64_t)1 << 40)
        return er_fail(err, ER_E_USAGE, "draws is %lld, and must be from 1 to 2^40", (long long)asked->draws);
    if (asked->most < 1 || asked->most > 10000000)
        return er_fail(err, ER_E_USAGE, "most is %lld, and must be from 1 to 10000000",
                       (long long)asked->most);
    return ER_OK;
}

enum er_status er_drawn_find(const struct er_sampling *sampling, enum er_prior_law law, struct er_error *err)
{
    const struct er_minima_events *events = sampling->events;
    for (int64_t i = 0; i < sampling->n; i++) {
        const void *state = NULL;
        size_t bytes = 0;
        bool skip = false;
        enum er_status status = ER_OK;
        if (events->begin)
            status = events->begin(events->ctx, sampling->which[i], &skip, &state, &bytes, err);
        if (status == ER_OK && !skip) status = answer(sampling, i, law, state, bytes, err);
        if (status != ER_OK) return status;
    }
    return ER_OK;
}
