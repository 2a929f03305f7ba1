/* live_note.c - texts come in; results that still hold are taken along. */
#include "serve/live_state.h"

#include "core/clock.h"
#include "core/thread.h"

#include <ermine/memory.h>
#include <errno.h>
#include <string.h>
#include <time.h>

static void init_condition(pthread_cond_t *condition)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(condition, &attributes);
    pthread_condattr_destroy(&attributes);
}

static int64_t milliseconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

enum er_status er_live_open(const struct er_live_options *options, struct er_live_note **out,
                            struct er_error *err)
{
    struct er_live_note *live = er_alloc(1, sizeof *live);
    if (!live) return er_fail(err, ER_E_NOMEM, "out of memory for %s", options->file);
    live->options = *options;
    live->version = milliseconds_now(); /* beyond those of a process before this one */
    pthread_mutex_init(&live->lock, NULL);
    init_condition(&live->work);
    init_condition(&live->loaded);
    er_live_news_open(&live->news);
    live->news.version = live->version;
    const struct er_events_options events = {.greet = er_live_news_greet, .ctx = live};
    enum er_status status = er_events_new(&events, &live->events, err);
    if (status == ER_OK) status = er_page_memory_new(&live->memory, err);
    if (status == ER_OK && er_thread_start(&live->thread, er_live_compute, live) != 0)
        status = er_fail(err, ER_E_NOMEM, "cannot start a thread for %s", options->file);
    if (status != ER_OK) {
        er_live_free(live);
        return status;
    }
    live->started = true;
    *out = live;
    return ER_OK;
}

void er_live_stop(struct er_live_note *live)
{
    pthread_mutex_lock(&live->lock);
    live->quit = true;
    atomic_store(&live->stop, true);
    pthread_cond_signal(&live->work);
    pthread_mutex_unlock(&live->lock);
    if (live->started) pthread_join(live->thread, NULL);
    live->started = false;
    er_events_end(live->events);
}

void er_live_free(struct er_live_note *live)
{
    if (!live) return;
    for (int i = 0; i < 2; i++) er_live_page_release(live->page[i]);
    er_live_results_release(live->result, live->studies);
    er_live_text_release(live->text);
    er_page_memory_free(live->memory);
    er_store_close(live->store);
    er_events_free(live->events);
    er_live_news_close(&live->news);
    pthread_cond_destroy(&live->work);
    pthread_cond_destroy(&live->loaded);
    pthread_mutex_destroy(&live->lock);
    er_free(live);
}

/* The functions down to wait_for_results(): the lock is held. */

static bool any_new(const struct er_live_note *live)
{
    for (int64_t i = 0; i < live->studies; i++)
        if (live->result[i] && live->result[i]->state == ER_LIVE_NEW) return true;
    return false;
}

static bool any_failed(const struct er_live_note *live)
{
    for (int64_t i = 0; i < live->studies; i++)
        if (live->result[i] && live->result[i]->state == ER_LIVE_FAILED) return true;
    return false;
}

/* What is computed goes on when its study is as it was, and no other has been changed. */
static void interrupt(struct er_live_note *live)
{
    bool there = false;
    for (int64_t i = 0; i < live->studies; i++) there = there || live->result[i] == live->running;
    if (live->running && (!there || any_new(live))) atomic_store(&live->stop, true);
}

/* So that a study which the store holds does not show up empty first. */
static void wait_for_results(struct er_live_note *live)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += ER_LIVE_LOAD_MS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    live->reading = true;
    while (any_new(live) && pthread_cond_timedwait(&live->loaded, &live->lock, &until) != ETIMEDOUT) {}
    live->reading = false;
}

static void tell_errors(const struct er_live_note *live, const struct er_note *note)
{
    for (int64_t i = 0; live->options.studied && i < er_note_studies(note); i++) {
        struct er_error err = {0};
        if (!er_note_study(note, i, &err)) live->options.studied(live->options.ctx, NULL, NULL, &err);
    }
}

static bool is_current(struct er_live_note *live, const char *text, size_t n)
{
    pthread_mutex_lock(&live->lock);
    const bool same = live->text && live->text->length == n && memcmp(live->text->text, text, n) == 0 &&
                      !live->news.error[0] && !any_failed(live);
    pthread_mutex_unlock(&live->lock);
    return same;
}

enum er_status er_live_read(struct er_live_note *live, const char *text, size_t n, struct er_error *err)
{
    struct er_error why = {0};
    struct er_live_text *fresh = NULL;
    struct er_live_result **result = NULL;
    if (is_current(live, text, n)) return ER_OK;
    enum er_status status = er_live_text_new(live, text, n, &fresh, &why);
    if (status == ER_OK) {
        tell_errors(live, fresh->note);
        pthread_mutex_lock(&live->lock);
        live->texts++;
        status = er_live_results_for(live, fresh->note, &result, &why);
        if (status == ER_OK) {
            er_live_results_release(live->result, live->studies);
            er_live_text_release(live->text);
            live->text = fresh;
            live->result = result;
            live->studies = er_note_studies(fresh->note);
            interrupt(live);
            pthread_cond_signal(&live->work);
            wait_for_results(live);
            if (live->news.error[0]) er_live_news_error(live, "");
            er_live_publish(live);
        } else {
            er_live_text_release(fresh);
        }
        pthread_mutex_unlock(&live->lock);
    }
    if (status == ER_OK) return ER_OK;
    er_live_fail(live, &why);
    if (err) *err = why;
    return status;
}

void er_live_fail(struct er_live_note *live, const struct er_error *why)
{
    char text[sizeof *why + 64];
    pthread_mutex_lock(&live->lock);
    er_live_news_error(live, er_error_text(why, text, sizeof text));
    if (!live->text) er_live_publish(live);
    pthread_mutex_unlock(&live->lock);
}

void er_live_tick(struct er_live_note *live)
{
    struct er_note_result fresh;
    const double now = er_clock_s();
    pthread_mutex_lock(&live->lock);
    struct er_live_result *result = live->running;
    if (!result || now < live->refreshed_s ||
        er_live_news_done(live) < (double)result->shown.provenance.present + 1) {
        pthread_mutex_unlock(&live->lock);
        return;
    }
    struct er_live_text *text = live->running_text;
    const struct er_study *study = live->running_study;
    const int64_t fills = result->fills, present = result->shown.provenance.present;
    text->holders++;
    result->holders++;
    pthread_mutex_unlock(&live->lock);
    er_live_result_read(live->store, study, live->options.places, &fresh);
    pthread_mutex_lock(&live->lock);
    if (live->running == result && result->fills == fills && fresh.error.code == ER_OK &&
        fresh.provenance.present > present) {
        er_live_result_fill(live, result, &fresh);
        er_live_publish(live);
    }
    /* Reading shall be a small part of the time, however large the study. */
    live->refreshed_s = now + ER_LIVE_REFRESH_S + 20 * (er_clock_s() - now);
    er_table_clear(&fresh.runs);
    er_table_clear(&fresh.curves);
    er_live_text_release(text);
    er_live_result_release(result);
    pthread_mutex_unlock(&live->lock);
}

struct er_events *er_live_events(struct er_live_note *live)
{
    return live->events;
}
