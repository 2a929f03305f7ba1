/* live_news.c - what clients hear of a live note, as JSON. */
#include "serve/live_state.h"

#include "core/clock.h"
#include "data/shown.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double BETWEEN_S = 0.2; /* reports of progress */

void er_live_news_open(struct er_live_news *news)
{
    pthread_mutex_init(&news->lock, NULL);
}

void er_live_news_close(struct er_live_news *news)
{
    pthread_mutex_destroy(&news->lock);
}

/* JSON text, freed by free(); NULL when memory is out. Takes `object`. */
static char *text_of(json_t *object)
{
    char *text = object ? json_dumps(object, JSON_COMPACT | JSON_REAL_PRECISION(9)) : NULL;
    json_decref(object);
    return text;
}

/* The news' lock is held in these three. */
static char *page_text(const struct er_live_news *news)
{
    return text_of(json_pack("{sI}", "version", (json_int_t)news->version));
}

static char *error_text(const struct er_live_news *news)
{
    return text_of(json_pack("{ss}", "message", news->error));
}

static char *progress_text(const struct er_live_news *news)
{
    if (!news->busy) return text_of(json_pack("{sn}", "study"));
    json_t *eta = news->eta < 0 ? json_null() : json_real(news->eta);
    return text_of(json_pack("{sssfsfsfsoss}", "study", news->study, "done", news->done, "total", news->total,
                             "waiting", news->waiting, "eta", eta, "rate", news->rate));
}

static void write_event(struct er_buffer *out, const char *name, char *text)
{
    if (text)
        er_event_write(out, name, text);
    else
        out->status = ER_E_NOMEM;
    free(text);
}

void er_live_news_greet(void *ctx, struct er_buffer *out)
{
    struct er_live_news *news = &((struct er_live_note *)ctx)->news;
    pthread_mutex_lock(&news->lock);
    write_event(out, "page", page_text(news));
    write_event(out, "progress", progress_text(news));
    write_event(out, "error", error_text(news));
    pthread_mutex_unlock(&news->lock);
}

/* News that memory is too short for is lost; the next one of its kind says more. */
static void post(struct er_live_note *live, const char *name, char *text)
{
    if (text) er_events_post(live->events, name, text);
    free(text);
}

void er_live_news_page(struct er_live_note *live, int64_t version)
{
    pthread_mutex_lock(&live->news.lock);
    live->news.version = version;
    char *text = page_text(&live->news);
    pthread_mutex_unlock(&live->news.lock);
    post(live, "page", text);
}

void er_live_news_error(struct er_live_note *live, const char *message)
{
    struct er_live_news *news = &live->news;
    pthread_mutex_lock(&news->lock);
    snprintf(news->error, sizeof news->error, "%s", message);
    er_text_tame(news->error);
    char *text = error_text(news);
    pthread_mutex_unlock(&news->lock);
    post(live, "error", text);
}

void er_live_news_idle(struct er_live_note *live)
{
    struct er_live_news *news = &live->news;
    char *text = NULL;
    pthread_mutex_lock(&news->lock);
    if (news->busy) {
        news->busy = false;
        text = progress_text(news);
    }
    pthread_mutex_unlock(&news->lock);
    post(live, "progress", text);
}

double er_live_news_done(struct er_live_note *live)
{
    pthread_mutex_lock(&live->news.lock);
    const double done = live->news.busy ? live->news.done : 0;
    pthread_mutex_unlock(&live->news.lock);
    return done;
}

static void begin(struct er_live_news *news, const struct er_progress_report *r, double now)
{
    news->busy = true;
    snprintf(news->study, sizeof news->study, "%s", r->what);
    news->began_s = now;
    news->posted_s = 0;
    news->done0 = r->done;
    news->epochs0 = r->epochs;
    news->flops0 = r->flops;
}

/* From what was done since this study began; both are left unknown until that says something. */
static void estimate(struct er_live_news *news, const struct er_progress_report *r, double now)
{
    const double seconds = now - news->began_s, done = r->done - news->done0;
    const double flops = r->flops - news->flops0, epochs = r->epochs - news->epochs0;
    news->eta = -1;
    news->rate[0] = '\0';
    if (seconds < 1) return;
    const double rate = flops > 0 ? 1e-9 * flops / seconds : epochs / seconds;
    if (rate > 0)
        snprintf(news->rate, sizeof news->rate, "%.*f %s/s", rate<10, rate, flops> 0 ? "GFLOP" : "epochs");
    if (done > 0.02 * (r->total - news->done0)) news->eta = seconds * (r->total - r->done) / done;
}

void er_live_news_report(void *ctx, const struct er_progress_report *r)
{
    struct er_live_note *live = ctx;
    struct er_live_news *news = &live->news;
    const double now = er_clock_s();
    char *text = NULL;
    pthread_mutex_lock(&news->lock);
    if (!news->busy || strncmp(news->study, r->what, sizeof news->study - 1) != 0) begin(news, r, now);
    news->done = r->done;
    news->total = r->total;
    news->waiting = r->waiting;
    estimate(news, r, now);
    if (now - news->posted_s >= BETWEEN_S) {
        news->posted_s = now;
        text = progress_text(news);
    }
    pthread_mutex_unlock(&news->lock);
    post(live, "progress", text);
}
