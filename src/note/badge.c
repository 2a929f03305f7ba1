/* badge.c - how a study stands, and the badge that says so beside its figures. */
#include "note/badge.h"

#include "note/html.h"

#include <inttypes.h>
#include <string.h>

enum er_note_state er_note_state(const struct er_note *note, int64_t i, const struct er_note_result *result)
{
    const struct er_study *study = note->study[i].study;
    const enum er_status status = result->error.code;
    if (!study || (status != ER_OK && status != ER_E_STOPPED)) return ER_NOTE_FAILED;
    if (result->stale) return ER_NOTE_STALE;
    if (result->provenance.present < er_study_runs(study)) return ER_NOTE_PARTIAL;
    return result->computed > 0 ? ER_NOTE_COMPUTED : ER_NOTE_STORED;
}

const char *er_note_state_name(enum er_note_state state)
{
    static const char *const name[] = {"stored", "computed", "partial", "stale", "failed"};
    return name[state];
}

void er_badge_when(const struct er_provenance *provenance, struct er_buffer *html)
{
    er_html_string(html, provenance->computed_from);
    if (strcmp(provenance->computed_from, provenance->computed_to) == 0) return;
    er_buffer_text(html, " to ");
    er_html_string(html, provenance->computed_to);
}

void er_badge_error(const struct er_error *error, struct er_buffer *html)
{
    char text[sizeof error->file + sizeof error->msg + 64];
    er_html_string(html, er_error_text(error, text, sizeof text));
}

static void say_runs(const struct er_study *study, const struct er_note_result *result,
                     struct er_buffer *html)
{
    const int64_t runs = er_study_runs(study), present = result->provenance.present,
                  computed = result->computed < present ? result->computed : present;
    if (present < runs)
        er_buffer_format(html, "%" PRId64 " of %" PRId64 " runs are there", present, runs);
    else
        er_buffer_format(html, runs == 1 ? "1 run" : "%" PRId64 " runs", runs);
    if (present > 0 && computed == 0) er_buffer_text(html, ", from the store");
    if (computed > 0 && computed == present) er_buffer_text(html, ", computed for this page");
    if (computed > 0 && computed < present)
        er_buffer_format(html, ", %" PRId64 " computed for this page, %" PRId64 " from the store", computed,
                         present - computed);
    er_buffer_text(html, ".");
}

/* When and on what; a sentence of its own. */
static void say_where(const struct er_provenance *provenance, struct er_buffer *html)
{
    if (provenance->present == 0) return;
    er_buffer_text(html, " Finished ");
    er_badge_when(provenance, html);
    er_buffer_text(html, " on ");
    er_html_string(html, provenance->machine);
    er_buffer_text(html, ", by Ermine ");
    er_html_string(html, provenance->version);
    er_buffer_char(html, '.');
}

static void say_word(enum er_note_state state, const struct er_study *study,
                     const struct er_note_result *result, struct er_buffer *html)
{
    if (state == ER_NOTE_STORED)
        er_buffer_text(html, "from the store");
    else if (state == ER_NOTE_PARTIAL)
        er_buffer_format(html, "partial: %" PRId64 " of %" PRId64 " runs", result->provenance.present,
                         er_study_runs(study));
    else
        er_buffer_text(html, er_note_state_name(state));
}

void er_badge_write(const struct er_note *note, int64_t i, const struct er_note_result *result,
                    struct er_buffer *html)
{
    const struct er_study *study = note->study[i].study;
    const enum er_note_state state = er_note_state(note, i, result);
    er_buffer_format(html, "<details class=\"badge\" data-status=\"%s\"><summary>",
                     er_note_state_name(state));
    say_word(state, study, result, html);
    er_buffer_text(html, "</summary><p>");
    if (state == ER_NOTE_FAILED) {
        er_badge_error(&result->error, html);
        er_buffer_text(html, ". ");
    }
    if (state == ER_NOTE_STALE) {
        er_html_string(html, result->stale);
        er_buffer_char(html, ' ');
    }
    if (result->error.code == ER_E_STOPPED) er_buffer_text(html, "Interrupted. ");
    say_runs(study, result, html);
    say_where(&result->provenance, html);
    er_buffer_text(html, "</p></details>\n");
}
