/* live_compute.c - the thread behind a live note: asks the store, then computes, one study at a time. */
#include "serve/live_state.h"

#include "core/clock.h"

/* Whether study i reads the results of another that is still to be computed. */
static bool is_waiting(const struct er_live_note *live, int64_t i)
{
    const struct er_study *source = er_study_reads(er_note_study(live->text->note, i, NULL));
    for (int64_t j = 0; source && j < i; j++)
        if (er_note_study(live->text->note, j, NULL) == source)
            return live->result[j] && live->result[j]->state == ER_LIVE_LOADED;
    return false;
}

/* The result to work on, or -1: first those that the store has not been asked for, which is quick, then the
 * study that was changed last of those whose source is there. The lock is held. */
static int64_t choose(const struct er_live_note *live)
{
    int64_t best = -1;
    for (int64_t i = 0; i < live->studies; i++) {
        const struct er_live_result *result = live->result[i];
        if (!result) continue;
        if (result->state == ER_LIVE_NEW) return i;
        if (result->state == ER_LIVE_LOADED && !is_waiting(live, i) &&
            (best < 0 || result->since > live->result[best]->since))
            best = i;
    }
    return best;
}

static bool is_shown(const struct er_live_note *live, const struct er_live_result *result)
{
    for (int64_t i = 0; i < live->studies; i++)
        if (live->result[i] == result) return true;
    return false;
}

/* The store, opened when there is a study to ask it for. */
static enum er_status open_store(struct er_live_note *live, struct er_error *err)
{
    struct er_store *store = NULL;
    if (live->store) return ER_OK; /* set by this thread alone */
    enum er_status status = er_store_open(live->options.store, false, &store, err);
    pthread_mutex_lock(&live->lock);
    live->store = store;
    pthread_mutex_unlock(&live->lock);
    return status;
}

static void tell(struct er_live_note *live, const struct er_study *study,
                 const struct er_study_outcome *outcome, const struct er_error *err)
{
    if (live->options.studied) live->options.studied(live->options.ctx, study, outcome, err);
}

/* The functions below are called with the lock held and give it up while they work. */

static void load(struct er_live_note *live, struct er_live_result *result, const struct er_study *study)
{
    struct er_note_result fresh = {0};
    pthread_mutex_unlock(&live->lock);
    if (open_store(live, &fresh.error) == ER_OK)
        er_live_result_read(live->store, study, live->options.places, &fresh);
    if (fresh.error.code != ER_OK) tell(live, study, NULL, &fresh.error);
    pthread_mutex_lock(&live->lock);
    result->state = fresh.error.code == ER_OK ? ER_LIVE_LOADED : ER_LIVE_FAILED;
    er_live_result_fill(live, result, &fresh);
    pthread_cond_broadcast(&live->loaded);
    if (!live->reading && is_shown(live, result)) er_live_publish(live);
}

/* After a run, `fresh` is what the store holds then. */
static void settle(struct er_live_note *live, struct er_live_result *result, const struct er_error *err,
                   struct er_note_result *fresh)
{
    const bool stopped = err->code == ER_E_STOPPED;
    if (err->code != ER_OK && !stopped) fresh->error = *err;
    const bool failed = fresh->error.code != ER_OK;
    const bool news = failed || fresh->provenance.present > result->shown.provenance.present;
    result->state = failed ? ER_LIVE_FAILED : stopped ? ER_LIVE_LOADED : ER_LIVE_DONE;
    er_live_result_fill(live, result, fresh);
    if (news && is_shown(live, result)) er_live_publish(live);
}

static void run(struct er_live_note *live, struct er_live_result *result, const struct er_study *study,
                struct er_live_text *text)
{
    const struct er_progress progress = {.report = er_live_news_report, .ctx = live, .stop = &live->stop};
    struct er_study_outcome outcome = {0};
    struct er_error err = {0};
    struct er_note_result fresh = {0};
    live->running = result;
    live->running_text = text;
    live->running_study = study;
    live->refreshed_s = er_clock_s() + ER_LIVE_REFRESH_S;
    atomic_store(&live->stop, false);
    pthread_mutex_unlock(&live->lock);
    er_study_run(live->store, study, live->options.places, live->options.pool, &progress, &outcome, &err);
    er_live_result_read(live->store, study, live->options.places, &fresh);
    if (err.code != ER_E_STOPPED) tell(live, study, &outcome, &err);
    pthread_mutex_lock(&live->lock);
    live->running = NULL;
    settle(live, result, &err, &fresh);
}

void *er_live_compute(void *ctx)
{
    struct er_live_note *live = ctx;
    pthread_mutex_lock(&live->lock);
    while (!live->quit) {
        const int64_t i = choose(live);
        if (i < 0) {
            er_live_news_idle(live);
            pthread_cond_wait(&live->work, &live->lock);
            continue;
        }
        struct er_live_text *text = live->text;
        struct er_live_result *result = live->result[i];
        const struct er_study *study = er_note_study(text->note, i, NULL);
        text->holders++;
        result->holders++;
        if (result->state == ER_LIVE_NEW)
            load(live, result, study);
        else
            run(live, result, study, text);
        er_live_text_release(text);
        er_live_result_release(result);
    }
    pthread_mutex_unlock(&live->lock);
    return NULL;
}
