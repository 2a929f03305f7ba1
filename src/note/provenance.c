/* provenance.c - how a study's numbers were computed, as a list on the page. */
#include "note/provenance.h"

#include "note/badge.h"
#include "note/html.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <string.h>

enum { MOST_SEEDS = 12 }; /* that are listed one by one */

static void begin(struct er_buffer *html, const char *name)
{
    er_buffer_format(html, "<dt>%s</dt><dd>", name);
}

static void end(struct er_buffer *html)
{
    er_buffer_text(html, "</dd>\n");
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

static void write_runs(struct er_buffer *html, const struct er_study *study, const struct er_provenance *p)
{
    begin(html, "runs");
    if (p->present < er_study_runs(study)) er_buffer_format(html, "%" PRId64 " of ", p->present);
    er_buffer_format(html, "%" PRId64, er_study_runs(study));
    end(html);
}

/* The seed is the fastest axis: the first runs have all of them. */
static void write_seeds(struct er_buffer *html, const struct er_study *study)
{
    int64_t axes, n = 1;
    const struct er_axis *axis = er_study_axes(study, &axes);
    if (axes > 0 && strcmp(axis[axes - 1].path, "seed") == 0) n = axis[axes - 1].values;
    const uint64_t first = er_study_point(study, 0)->seed;
    bool consecutive = true;
    for (int64_t i = 1; i < n; i++)
        consecutive = consecutive && er_study_point(study, i)->seed == first + (uint64_t)i;
    begin(html, n == 1 ? "seed" : "seeds");
    if (consecutive && n > 2) {
        er_buffer_format(html, "%" PRIu64 " to %" PRIu64, first, first + (uint64_t)n - 1);
    } else {
        for (int64_t i = 0; i < n && i < MOST_SEEDS; i++)
            er_buffer_format(html, i == 0 ? "%" PRIu64 : ", %" PRIu64, er_study_point(study, i)->seed);
        if (n > MOST_SEEDS) er_buffer_format(html, ", ... (%" PRId64 " seeds)", n);
    }
    end(html);
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
    begin(html, "diverged");
    er_buffer_format(html, "%" PRId64, n);
    if (cause && cause[0]) {
        er_buffer_text(html, n == 1 ? " (" : " (the first: ");
        er_html_string(html, cause);
        er_buffer_char(html, ')');
    }
    end(html);
}

/* A set that is made or comes with Ermine: no file. */
static const struct er_data_info *without_file(const char *name)
{
    int64_t n;
    const struct er_data_info *list = er_data_list(&n);
    for (int64_t i = 0; i < n; i++)
        if (list[i].generated && strcmp(list[i].name, name) == 0) return &list[i];
    return NULL;
}

/* The name, and for what was read from files their checksum: those of the first run. */
static void write_data(struct er_buffer *html, const struct er_study *study, const struct er_provenance *p)
{
    if (!p->checksum[0]) return;
    const struct er_point *point = er_study_point(study, 0);
    const char *name = er_point_text(point, "data.name", er_point_text(point, "data.file", ""));
    if (!name[0]) name = er_point_text(point, "matrix.name", er_point_text(point, "matrix.file", ""));
    const struct er_data_info *made = without_file(name);
    begin(html, "data");
    if (made && !made->train) er_buffer_text(html, "made by ");
    er_html_string(html, name);
    if (p->data_sets > 1) er_buffer_format(html, " (the first of %" PRId64 " data sets)", p->data_sets);
    end(html);
    if (made) return;
    begin(html, "SHA-256 of the data");
    er_buffer_text(html, "<code>");
    er_html_string(html, p->checksum);
    er_buffer_text(html, "</code>");
    end(html);
}

/* The rest of the line of a run's canonical text that begins with `key`. */
static void write_line(struct er_buffer *html, const char *name, const char *canonical, const char *key)
{
    const char *line = strstr(canonical, key);
    if (!line) return;
    line += strlen(key);
    begin(html, name);
    er_html_text(html, line, strcspn(line, "\n"));
    end(html);
}

/* Both are part of a run's key, so all runs found by it have them. */
static enum er_status write_arithmetic(struct er_buffer *html, const struct er_study *study,
                                       struct er_error *err)
{
    char *canonical;
    enum er_status status = er_study_canonical(study, 0, NULL, &canonical, err);
    if (status != ER_OK) return status;
    write_line(html, "arithmetic", canonical, "\nexperiment = ");
    write_line(html, "instruction set", canonical, "\nisa = ");
    er_free(canonical);
    return ER_OK;
}

static void write_computing(struct er_buffer *html, const struct er_provenance *p)
{
    begin(html, "computing time");
    write_duration(html, p->seconds);
    end(html);
    begin(html, "when");
    er_badge_when(p, html);
    end(html);
    begin(html, "machine");
    er_html_string(html, p->machine);
    end(html);
    begin(html, "version");
    er_buffer_text(html, "Ermine ");
    er_html_string(html, p->version);
    end(html);
}

enum er_status er_provenance_write(const struct er_study *study, const struct er_note_result *result,
                                   struct er_buffer *html, struct er_error *err)
{
    const struct er_provenance *p = &result->provenance;
    er_buffer_text(html, "<details class=\"provenance\"><summary>How this was computed</summary><dl>\n");
    begin(html, "study");
    er_html_string(html, er_study_name(study));
    end(html);
    write_runs(html, study, p);
    write_seeds(html, study);
    write_diverged(html, &result->runs);
    write_data(html, study, p);
    enum er_status status = write_arithmetic(html, study, err);
    if (status != ER_OK) return status;
    if (p->present > 0) write_computing(html, p);
    er_buffer_text(html, "</dl></details>\n");
    return ER_OK;
}
