/* live_note.h - a note that is being written: its page is always at hand, its studies are computed behind it.
 *
 * Whoever watches the note's file gives each new text to er_live_read(). From then on the page shows it: its
 * prose, the results in the store for the studies that are there, and what is missing as it comes. A thread of
 * the note's own computes on the pool; the study that was changed last is first. A study that is taken out of
 * the text or changed while it runs is stopped (what it has done is stored); one that is still there as it was
 * goes on, and its results stay in memory.
 *
 * News go out as events, each with a JSON object as its data:
 *
 *     page      {"version": 17}               there is a newer page
 *     progress  {"study": "random-labels", "done": 12.3, "total": 36, "waiting": 0, "eta": 83, "rate": "182 GFLOP/s"}
 *               of the study that is computed, some times a second; eta: seconds, null when unknown; waiting:
 *               runs that another process computes; study null: nothing is computed
 *     error     {"message": "note.md: ..."}   the file cannot be read as a note: the last page that could be is
 *               shown; "": it can be again
 *
 * A client that comes (back) hears all three. Versions grow, also from one process to the next: a client whose
 * page has another version than it is told of fetches the page.
 */
#ifndef ERMINE_SERVE_LIVE_NOTE_H
#define ERMINE_SERVE_LIVE_NOTE_H

#include "serve/events.h"

#include <ermine/note.h>

struct er_live_note;

struct er_live_options {
    const char *file;  /* the note's, for messages and its title */
    const char *store; /* path; opened when a study is first there */
    const struct er_data_places *places;
    struct er_pool *pool;
    /* What the terminal hears; each may be NULL. Called from the thread that computes, and from
     * er_live_read(): a study (NULL: a block that is none) was done (err->code ER_OK) or failed. */
    void (*studied)(void *ctx, const struct er_study *study, const struct er_study_outcome *outcome,
                    const struct er_error *err);
    void *ctx;
};

/* All of `options` is borrowed. ER_E_NOMEM (also: no more threads). */
enum er_status er_live_open(const struct er_live_options *options, struct er_live_note **out,
                            struct er_error *err);

/* Ends the computing (what is done is stored, the rest is in checkpoints) and the stream of events. */
void er_live_stop(struct er_live_note *live);

/* After er_live_stop(), when nobody holds the stream any more; NULL is allowed. */
void er_live_free(struct er_live_note *live);

/* The note's text is this now; the page has it when this returns, with the results that the store holds
 * unless that takes longer than ER_LIVE_LOAD_MS: then they follow. A study that had failed is tried again.
 * Errors: those of er_note_parse(), which are news too; ER_E_NOMEM. For one thread. */
enum { ER_LIVE_LOAD_MS = 150 };
enum er_status er_live_read(struct er_live_note *live, const char *text, size_t n, struct er_error *err);

/* The note could not be read, and why. */
void er_live_fail(struct er_live_note *live, const struct er_error *why);

/* To be called some times a second by the thread that reads: every ER_LIVE_REFRESH_S the page gets the runs
 * that a study has stored meanwhile. */
enum { ER_LIVE_REFRESH_S = 3 };
void er_live_tick(struct er_live_note *live);

/* A page, for as long as somebody holds it. */
struct er_live_page {
    _Atomic int holders;
    char *html;
    size_t length;
};

/* The newest page, whole or without script and style; made when it is first asked for. Any thread; ER_E_NOMEM. */
enum er_live_form { ER_LIVE_WHOLE, ER_LIVE_BARE };
enum er_status er_live_page(struct er_live_note *live, enum er_live_form form, struct er_live_page **out,
                            struct er_error *err);
void er_live_page_release(struct er_live_page *page);

struct er_events *er_live_events(struct er_live_note *live);

#endif
