/* section.c - a study on the page. */
#include "note/section.h"

#include "note/badge.h"
#include "note/bounds.h"
#include "note/claim_section.h"
#include "note/figure.h"
#include "note/html.h"
#include "note/memory.h"
#include "note/provenance.h"
#include "note/ranking.h"

#include <inttypes.h>
#include <string.h>

/* What writing a section needs. */
struct writer {
    const struct er_note *note;
    int64_t study;
    const struct er_note_result *result;
    size_t share; /* of the page's bytes, for each figure */
    struct er_buffer *html;
};

static void write_error(struct er_buffer *html, const struct er_error *error, const char *id)
{
    er_buffer_text(html, "<p class=\"study-error\" role=\"alert\"");
    if (id) {
        er_buffer_text(html, " id=\"");
        er_html_string(html, id);
        er_buffer_char(html, '"');
    }
    er_buffer_char(html, '>');
    er_badge_error(error, html);
    er_buffer_text(html, "</p>\n");
}

/* The texts of a figure, owned. */
struct parts {
    char *spec, *alternative, *title, *caption;
};

static void clear_parts(struct parts *parts)
{
    er_free(parts->spec);
    er_free(parts->alternative);
    er_free(parts->title);
    er_free(parts->caption);
}

static enum er_status make_parts(const struct er_drawing *drawing, struct parts *parts, struct er_error *err)
{
    enum er_status status = er_drawing_spec(drawing, &parts->spec, err);
    if (status == ER_OK) status = er_drawing_alternative(drawing, &parts->alternative, err);
    if (status == ER_OK) status = er_drawing_title(drawing, &parts->title, err);
    if (status == ER_OK) status = er_drawing_caption(drawing, &parts->caption, err);
    return status;
}

static enum er_status write_figure(const struct writer *w, const struct er_figure *figure,
                                   const struct er_data_place *place, struct er_error *err)
{
    struct er_drawing drawing;
    struct parts parts = {0};
    struct er_buffer *html = w->html;
    enum er_status status = er_drawing_make(figure, &w->result->runs, &w->result->curves, &drawing, err);
    if (status != ER_OK) return status;
    status = er_drawing_limit(&drawing, w->share / 2, err);
    if (status == ER_OK) status = make_parts(&drawing, &parts, err);
    if (status != ER_OK) goto done;
    er_buffer_text(html, "<figure class=\"figure\" id=\"");
    er_html_string(html, place->id);
    er_buffer_text(html, "\">\n<div class=\"chart\" role=\"img\" aria-label=\"");
    er_html_string(html, parts.alternative);
    er_buffer_text(html, "\"></div>\n<figcaption><strong>");
    er_html_string(html, parts.title);
    if (parts.title[0] && !strchr(".!?", parts.title[strlen(parts.title) - 1])) er_buffer_char(html, '.');
    er_buffer_text(html, "</strong>");
    if (parts.caption[0]) er_buffer_char(html, ' ');
    er_html_string(html, parts.caption);
    er_buffer_text(html, "</figcaption>\n");
    er_badge_write(w->note, w->study, w->result, html);
    status = er_data_write(&drawing, w->share / 2, place, html, err);
    er_buffer_text(html, "<script type=\"application/json\" class=\"spec\">");
    er_html_json(html, parts.spec);
    er_buffer_text(html, "</script>\n</figure>\n");
done:
    clear_parts(&parts);
    er_drawing_clear(&drawing);
    return status;
}

/* A figure, or what is wrong with it in its place. */
static enum er_status figure_or_error(const struct writer *w, const struct er_figure *figure, const char *id,
                                      struct er_problems *problems, struct er_error *err)
{
    const struct er_study *study = w->note->study[w->study].study;
    const struct er_data_place place = {
        .id = id, .file = w->note->file, .study = w->note->fences.blocks > 1 ? er_study_name(study) : NULL};
    struct er_error why = {0};
    const size_t before = w->html->length;
    enum er_status status = write_figure(w, figure, &place, &why);
    if (status == ER_OK) return ER_OK;
    if (status == ER_E_NOMEM) return er_fail(err, status, "%s", why.msg);
    w->html->length = before;
    er_error_place(&why, w->note->file, figure->line, figure->column);
    write_error(w->html, &why, id);
    er_problem_add(problems, &why);
    return ER_OK;
}

/* The figures, what is claimed of them, and how they were computed. */
static enum er_status write_figures(const struct writer *w, struct er_problems *problems,
                                    struct er_error *err)
{
    const struct er_note_study *entry = &w->note->study[w->study];
    int64_t figures;
    const struct er_figure *figure = er_study_figures(entry->study, &figures);
    enum er_status status = ER_OK;
    for (int64_t f = 0; f < figures && status == ER_OK; f++)
        status = figure_or_error(w, &figure[f], entry->figure[f], problems, err);
    if (status == ER_OK) status = er_bounds_write(entry->study, &w->result->runs, w->html, err);
    if (status == ER_OK) status = er_ranking_write(entry->study, &w->result->runs, w->html, err);
    if (status == ER_OK) status = er_claims_write(w->note, w->study, w->result, w->html, problems, err);
    return status == ER_OK ? er_provenance_write(entry->study, w->result, w->html, err) : status;
}

static void write_source(struct er_buffer *html, const struct er_block *block)
{
    er_buffer_text(
        html, "<details class=\"source-study\"><summary>Study</summary><pre><code class=\"language-yaml\">");
    er_html_text(html, block->text, block->length);
    er_buffer_text(html, "</code></pre></details>\n");
}

/* Not where it is the page's own: in a study that is the whole note. */
static void write_title(struct er_buffer *html, const struct er_note *note, const struct er_study *study)
{
    const char *title = study ? er_study_title(study) : NULL;
    if (!title || note->whole) return;
    er_buffer_text(html, "<h3>");
    er_html_string(html, title);
    er_buffer_text(html, "</h3>\n");
}

/* All between the section's tags. */
static enum er_status write_inside(const struct writer *w, bool failed, struct er_problems *problems,
                                   struct er_error *err)
{
    const struct er_note_study *entry = &w->note->study[w->study];
    const struct er_note_result *result = w->result;
    write_title(w->html, w->note, entry->study);
    if (failed) write_error(w->html, entry->study ? &result->error : &entry->error, NULL);
    const bool rows = result->runs.rows > 0 || result->curves.rows > 0;
    if (entry->study && (rows || (!failed && result->runs.columns > 0))) {
        enum er_status status = write_figures(w, problems, err);
        if (status != ER_OK) return status;
    } else if (!failed) {
        er_buffer_format(w->html,
                         "<p class=\"study-pending\">Nothing is computed yet: 0 of %" PRId64 " runs.</p>\n",
                         er_study_runs(entry->study));
    }
    write_source(w->html, &w->note->fences.block[w->study]);
    return ER_OK;
}

/* What the inside depends on beside the results and their study: the ids, and whether others are there too. */
static void write_key(const struct writer *w, struct er_buffer *key)
{
    const struct er_note_study *entry = &w->note->study[w->study];
    int64_t figures;
    er_study_figures(entry->study, &figures);
    er_buffer_text(key, w->note->fences.blocks > 1 ? "several" : "alone");
    for (int64_t f = 0; f < figures; f++) er_buffer_format(key, " %s", entry->figure[f]);
}

/* The inside from memory, or written and kept. Errors name lines, which change with the text above: a section
 * that shows one is not kept. */
static enum er_status recall_inside(const struct writer *w, struct er_problems *problems,
                                    struct er_error *err)
{
    struct er_page_memory *memory = problems->options->memory;
    struct er_buffer text = {0};
    const size_t begin = w->html->length;
    struct er_problems own = {.options = problems->options};
    write_key(w, &text);
    const struct er_section_key key = {.edition = w->result->edition, .share = w->share, .text = text.data};
    enum er_status status = ER_OK;
    if (text.status != ER_OK || !er_page_memory_recall(memory, &key, w->html)) {
        status = write_inside(w, false, &own, err);
        if (status == ER_OK && own.first.code == ER_OK && w->html->status == ER_OK && text.status == ER_OK)
            er_page_memory_keep(memory, &key, w->html->data + begin, w->html->length - begin);
        if (problems->first.code == ER_OK) problems->first = own.first;
    }
    er_buffer_clear(&text);
    return status;
}

enum er_status er_section_write(const struct er_note *note, int64_t i, const struct er_note_result *result,
                                size_t share, struct er_buffer *html, struct er_problems *problems,
                                struct er_error *err)
{
    const struct er_note_study *entry = &note->study[i];
    const struct writer writer = {.note = note, .study = i, .result = result, .share = share, .html = html};
    const enum er_note_state state = er_note_state(note, i, result);
    const bool failed = state == ER_NOTE_FAILED;
    const bool kept =
        problems->options && problems->options->memory && result->edition != 0 && entry->study && !failed;
    er_buffer_text(html, "<section class=\"study\" id=\"");
    er_html_string(html, entry->id);
    er_buffer_format(html, "\" data-line=\"%" PRId64 "\" data-status=\"%s\">\n", note->fences.block[i].fence,
                     er_note_state_name(state));
    enum er_status status =
        kept ? recall_inside(&writer, problems, err) : write_inside(&writer, failed, problems, err);
    er_buffer_text(html, "</section>\n");
    return status;
}
