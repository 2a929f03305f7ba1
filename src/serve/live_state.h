/* live_state.h - the inside of a live note.
 *
 * Order of locks: the note's, the stream's, the news'. Computing, reading the store and parsing are done with
 * none of them.
 */
#ifndef ERMINE_SERVE_LIVE_STATE_H
#define ERMINE_SERVE_LIVE_STATE_H

#include "serve/live_note.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

/* A text of the note; studies of it are read while a newer one is shown. */
struct er_live_text {
    int holders; /* under the note's lock */
    struct er_note *note;
    char *text;
    size_t length;
};

/* What is known of a study of some text. Texts of the note that hold the same study share it. */
struct er_live_result {
    int holders; /* under the note's lock, as all that follows */
    enum {
        ER_LIVE_NEW,    /* the store has not been asked yet */
        ER_LIVE_LOADED, /* it has been; what it lacks is to be computed */
        ER_LIVE_DONE,
        ER_LIVE_FAILED
    } state;
    int64_t since; /* which text brought it: the latest is computed first */
    struct er_note_result shown;
    int64_t fills;                 /* how often `shown` was replaced */
    struct er_live_result *before; /* what this study showed before its text was changed; NULL: nothing */
};

/* What a client that comes is told; under its own lock, so that it can be told at any time. */
struct er_live_news {
    pthread_mutex_t lock;
    int64_t version;
    char error[1024];
    bool busy;
    char study[128], rate[32];
    double done, total, waiting, eta;                 /* eta < 0: unknown */
    double began_s, posted_s, done0, epochs0, flops0; /* of this study: when and with what it began */
};

struct er_live_note {
    struct er_live_options options;
    struct er_events *events;
    struct er_live_news news;
    pthread_t thread;
    bool started;
    atomic_bool stop; /* the study that is computed */
    pthread_mutex_t lock;
    pthread_cond_t work, loaded; /* something to compute; a result is no longer new */
    /* under the lock */
    struct er_store *store;
    struct er_live_text *text; /* NULL: none could be read yet */
    struct er_live_result **result;
    int64_t studies, texts; /* how many results; how many texts there were */
    struct er_live_result *running;
    struct er_live_text *running_text;
    const struct er_study *running_study;
    double refreshed_s;        /* when the page may be refreshed from the store again */
    int64_t version, editions; /* how many results there were to show */
    struct er_live_page *page[2];
    struct er_page_memory *memory;
    bool reading, quit; /* er_live_read() is waiting for results */
};

/* live_result.c */
struct er_live_result *er_live_result_new(void);
void er_live_result_release(struct er_live_result *result); /* the lock is held; NULL is allowed */
/* Whether tables of one study have the columns of the other's. */
bool er_live_result_alike(const struct er_study *a, const struct er_study *b);
/* Reads what the store holds; an error is one of the result. No lock. */
void er_live_result_read(struct er_store *store, const struct er_study *study,
                         const struct er_data_places *places, struct er_note_result *out);
/* Takes `fresh` over as what is shown. The lock is held. */
void er_live_result_fill(struct er_live_note *live, struct er_live_result *result,
                         struct er_note_result *fresh);
/* What the page shows of it, borrowed. The lock is held. */
struct er_note_result er_live_result_shown(const struct er_live_result *result, const struct er_study *study);

/* live_compute.c: the body of the thread of the note `ctx`. */
void *er_live_compute(void *ctx);

/* live_text.c */
enum er_status er_live_text_new(const struct er_live_note *live, const char *text, size_t n,
                                struct er_live_text **out, struct er_error *err);
void er_live_text_release(struct er_live_text *text); /* the lock is held; NULL is allowed */
/* The results of a new text's studies, one for each (NULL: a block in error): those of the present text where the
 * study is as it was. The lock is held for both. */
enum er_status er_live_results_for(const struct er_live_note *live, const struct er_note *note,
                                   struct er_live_result ***out, struct er_error *err);
void er_live_results_release(struct er_live_result **result, int64_t n); /* NULL is allowed */

/* live_page.c: there is another page now. The lock is held. */
void er_live_publish(struct er_live_note *live);

/* live_news.c; `ctx` is the note. */
void er_live_news_open(struct er_live_news *news);
void er_live_news_close(struct er_live_news *news);
void er_live_news_greet(void *ctx, struct er_buffer *out);
void er_live_news_page(struct er_live_note *live, int64_t version);
void er_live_news_error(struct er_live_note *live, const char *message);
void er_live_news_idle(struct er_live_note *live);
double er_live_news_done(struct er_live_note *live); /* of the study that is computed */
/* A report of er_study_run(). */
void er_live_news_report(void *ctx, const struct er_progress_report *report);

#endif
