/* live_text.c - a new text of the note, and what it takes over from the one before. */
#include "serve/live_state.h"

#include <ermine/memory.h>
#include <string.h>

void er_live_text_release(struct er_live_text *text)
{
    if (!text || --text->holders > 0) return;
    er_note_free(text->note);
    er_free(text->text);
    er_free(text);
}

static enum er_status no_memory(const struct er_live_note *live, struct er_error *err)
{
    er_fail(err, ER_E_NOMEM, "out of memory while reading %s", live->options.file);
    return ER_E_NOMEM;
}

enum er_status er_live_text_new(const struct er_live_note *live, const char *text, size_t n,
                                struct er_live_text **out, struct er_error *err)
{
    struct er_live_text *fresh = er_alloc(1, sizeof *fresh);
    if (!fresh || !(fresh->text = er_alloc((int64_t)n + 1, 1))) {
        er_free(fresh);
        return no_memory(live, err);
    }
    memcpy(fresh->text, text, n);
    fresh->length = n;
    fresh->holders = 1;
    enum er_status status = er_note_parse(text, n, live->options.file, &fresh->note, err);
    if (status == ER_OK)
        *out = fresh;
    else
        er_live_text_release(fresh);
    return status;
}

/* Whether two studies say the same, and so do those whose results they read. */
static bool same_text(const struct er_study *a, const struct er_study *b)
{
    while (a && b && strcmp(er_study_source(a), er_study_source(b)) == 0) {
        a = er_study_reads(a);
        b = er_study_reads(b);
    }
    return !a && !b;
}

static bool same_name(const struct er_study *a, const struct er_study *b)
{
    return strcmp(er_study_name(a), er_study_name(b)) == 0;
}

/* The study of the text that is shown which is the `same` as this one; -1: none. */
static int64_t find(const struct er_live_note *live, const struct er_study *study,
                    bool (*same)(const struct er_study *a, const struct er_study *b))
{
    for (int64_t i = 0; i < live->studies; i++)
        if (live->result[i] && same(er_note_study(live->text->note, i, NULL), study)) return i;
    return -1;
}

/* A study that is as it was keeps its result, unless that was a failure: the reason may be gone. */
static struct er_live_result *result_for(const struct er_live_note *live, const struct er_study *study)
{
    int64_t i = find(live, study, same_text);
    if (i >= 0 && live->result[i]->state != ER_LIVE_FAILED) {
        live->result[i]->holders++;
        return live->result[i];
    }
    struct er_live_result *result = er_live_result_new();
    if (!result) return NULL;
    result->since = live->texts;
    i = find(live, study, same_name);
    if (i >= 0 && er_live_result_alike(er_note_study(live->text->note, i, NULL), study)) {
        struct er_live_result *old = live->result[i];
        if (old->before) old = old->before;
        if (old->shown.provenance.present > 0) {
            old->holders++;
            result->before = old;
        }
    }
    return result;
}

enum er_status er_live_results_for(const struct er_live_note *live, const struct er_note *note,
                                   struct er_live_result ***out, struct er_error *err)
{
    const int64_t n = er_note_studies(note);
    struct er_live_result **result = er_alloc(n, sizeof(struct er_live_result *));
    if (!result) return no_memory(live, err);
    for (int64_t i = 0; i < n; i++) {
        const struct er_study *study = er_note_study(note, i, NULL);
        if (!study || (result[i] = result_for(live, study))) continue;
        er_live_results_release(result, n);
        return no_memory(live, err);
    }
    *out = result;
    return ER_OK;
}

void er_live_results_release(struct er_live_result **result, int64_t n)
{
    for (int64_t i = 0; result && i < n; i++) er_live_result_release(result[i]);
    er_free((void *)result);
}
