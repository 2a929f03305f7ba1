/* section.c - a study on the page. */
#include "note/section.h"

#include "note/figure.h"
#include "note/html.h"

#include <inttypes.h>
#include <string.h>

static void write_error(struct er_buffer *html, const struct er_error *error)
{
    char text[sizeof error->file + sizeof error->msg + 64];
    er_buffer_text(html, "<p class=\"study-error\" role=\"alert\">");
    er_html_string(html, er_error_text(error, text, sizeof text));
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

static enum er_status write_figure(const struct er_figure *figure, const struct er_data_place *place,
                                   size_t bytes, const struct er_note_result *result, struct er_buffer *html,
                                   struct er_error *err)
{
    struct er_drawing drawing;
    struct parts parts = {0};
    enum er_status status = er_drawing_make(figure, &result->runs, &result->curves, &drawing, err);
    if (status != ER_OK) return status;
    status = er_drawing_limit(&drawing, bytes / 2, err);
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
    status = er_data_write(&drawing, bytes / 2, place, html, err);
    er_buffer_text(html, "<script type=\"application/json\" class=\"spec\">");
    er_html_json(html, parts.spec);
    er_buffer_text(html, "</script>\n</figure>\n");
done:
    clear_parts(&parts);
    er_drawing_clear(&drawing);
    return status;
}

/* Figure f of study i, or what is wrong with it in its place. */
static enum er_status figure_or_error(const struct er_note *note, int64_t i, int64_t f,
                                      const struct er_note_result *result, size_t share,
                                      struct er_buffer *html, struct er_error *figure_error,
                                      struct er_error *err)
{
    int64_t figures;
    const struct er_study *study = note->study[i].study;
    const struct er_figure *figure = er_study_figures(study, &figures) + f;
    const struct er_data_place place = {.id = note->study[i].figure[f],
                                        .file = note->file,
                                        .study = note->prose.blocks > 1 ? er_study_name(study) : NULL};
    struct er_error why = {0};
    const size_t before = html->length;
    enum er_status status = write_figure(figure, &place, share, result, html, &why);
    if (status == ER_OK) return ER_OK;
    if (status == ER_E_NOMEM) return er_fail(err, status, "%s", why.msg);
    html->length = before;
    er_error_place(&why, note->file, figure->line, figure->column);
    write_error(html, &why);
    if (figure_error->code == ER_OK) memcpy(figure_error, &why, sizeof why);
    return ER_OK;
}

static void term(struct er_buffer *html, const char *name)
{
    er_buffer_format(html, "<dt>%s</dt><dd>", name);
}

static void write_duration(struct er_buffer *html, double seconds)
{
    if (seconds < 120)
        er_buffer_format(html, "%.3g s", seconds);
    else if (seconds < 7200)
        er_buffer_format(html, "%.1f min", seconds / 60);
    else
        er_buffer_format(html, "%.1f h", seconds / 3600);
}

/* How many runs diverged, and why the first of them did. */
static void write_diverged(struct er_buffer *html, const struct er_table *runs)
{
    const int64_t outcome = er_table_find(runs, "outcome"), note = er_table_find(runs, "note");
    const char *cause = NULL;
    int64_t n = 0;
    for (int64_t i = 0; outcome >= 0 && i < runs->rows; i++) {
        const struct er_cell *row = &runs->cell[i * runs->columns];
        if (!row[outcome].text || strcmp(row[outcome].text, "diverged") != 0) continue;
        if (n++ == 0 && note >= 0) cause = row[note].text;
    }
    if (n == 0) return;
    term(html, "diverged");
    er_buffer_format(html, "%" PRId64, n);
    if (cause && cause[0]) {
        er_buffer_text(html, n == 1 ? " (" : " (the first: ");
        er_html_string(html, cause);
        er_buffer_char(html, ')');
    }
    er_buffer_text(html, "</dd>\n");
}

static const struct er_data_info *generator_named(const char *name)
{
    int64_t n;
    const struct er_data_info *list = er_data_list(&n);
    for (int64_t i = 0; i < n; i++)
        if (list[i].generated && strcmp(list[i].name, name) == 0) return &list[i];
    return NULL;
}

/* The checksum says which files were read; of what was made, the maker's name says more. It is the first
 * run's, as the checksum is. */
static void write_data(struct er_buffer *html, const struct er_study *study, const struct er_provenance *p)
{
    if (!p->checksum[0]) return;
    const struct er_data_info *made =
        generator_named(er_point_text(er_study_point(study, 0), "data.name", ""));
    term(html, made ? "data" : "data (SHA-256)");
    er_buffer_text(html, made ? "made by " : "<code>");
    er_html_string(html, made ? made->name : p->checksum);
    if (!made) er_buffer_text(html, "</code>");
    if (p->data_sets > 1) er_buffer_format(html, " (the first of %" PRId64 " data sets)", p->data_sets);
    er_buffer_text(html, "</dd>\n");
}

static void write_provenance(struct er_buffer *html, const struct er_study *study,
                             const struct er_table *table, const struct er_provenance *p)
{
    int64_t axes;
    const struct er_axis *axis = er_study_axes(study, &axes);
    er_buffer_text(html, "<details class=\"provenance\"><summary>How this was computed</summary><dl>\n");
    term(html, "study");
    er_html_string(html, er_study_name(study));
    er_buffer_text(html, "</dd>\n");
    term(html, "runs");
    if (p->present < p->runs) er_buffer_format(html, "%" PRId64 " of ", p->present);
    er_buffer_format(html, "%" PRId64 "</dd>\n", p->runs);
    for (int64_t i = 0; i < axes; i++) {
        if (strcmp(axis[i].path, "seed") != 0) continue;
        term(html, "seeds");
        er_buffer_format(html, "%" PRId64 "</dd>\n", axis[i].values);
    }
    write_diverged(html, table);
    write_data(html, study, p);
    if (p->present > 0) {
        term(html, "computing time");
        write_duration(html, p->seconds);
        er_buffer_text(html, "</dd>\n");
        term(html, "when");
        er_html_string(html, p->computed_from);
        if (strcmp(p->computed_from, p->computed_to) != 0) {
            er_buffer_text(html, " to ");
            er_html_string(html, p->computed_to);
        }
        er_buffer_text(html, "</dd>\n");
        term(html, "machine");
        er_html_string(html, p->machine);
        er_buffer_text(html, "</dd>\n");
        term(html, "version");
        er_buffer_text(html, "Ermine ");
        er_html_string(html, p->version);
        er_buffer_text(html, "</dd>\n");
    }
    er_buffer_text(html, "</dl></details>\n");
}

static void write_source(struct er_buffer *html, const struct er_block *block)
{
    er_buffer_text(html,
                   "<details class=\"source\"><summary>Study</summary><pre><code class=\"language-yaml\">");
    er_html_text(html, block->text, block->length);
    er_buffer_text(html, "</code></pre></details>\n");
}

/* Not where it is the page's own: in a study that is the whole note. */
static void write_title(struct er_buffer *html, const struct er_note *note, const struct er_study *study)
{
    const char *title = study ? er_study_title(study) : NULL;
    if (!title || (!note->prose.heading && strcmp(title, note->title) == 0)) return;
    er_buffer_text(html, "<h3>");
    er_html_string(html, title);
    er_buffer_text(html, "</h3>\n");
}

enum er_status er_section_write(const struct er_note *note, int64_t i, const struct er_note_result *result,
                                size_t share, struct er_buffer *html, struct er_error *figure_error,
                                struct er_error *err)
{
    const struct er_note_study *entry = &note->study[i];
    const struct er_study *study = entry->study;
    const struct er_provenance *provenance = &result->provenance;
    const bool failed = !study || result->error.code != ER_OK;
    const char *state = failed ? "failed" : provenance->present < provenance->runs ? "partial" : "done";
    er_buffer_text(html, "<section class=\"study\" id=\"");
    er_html_string(html, entry->id);
    er_buffer_format(html, "\" data-status=\"%s\">\n", state);
    write_title(html, note, study);
    if (failed) {
        write_error(html, study ? &result->error : &entry->error);
    } else {
        int64_t figures;
        er_study_figures(study, &figures);
        for (int64_t f = 0; f < figures; f++) {
            enum er_status status = figure_or_error(note, i, f, result, share, html, figure_error, err);
            if (status != ER_OK) return status;
        }
        write_provenance(html, study, &result->runs, provenance);
    }
    write_source(html, &note->prose.block[i]);
    er_buffer_text(html, "</section>\n");
    return ER_OK;
}
