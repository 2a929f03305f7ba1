/* reproduce.c - what `make reproduce` writes of the runs that it made: the verdicts of all notes as one list of
 * JSON, and as a page of Markdown with a table for each note and one of times.
 *
 *     bench_reproduce LIST FOLDER JSON MARKDOWN COMMIT
 *
 * A line of LIST is the path of a note, or that, a study's name, and the seconds that the reference's prototype
 * took for it; "#" begins a comment. FOLDER holds NOTE.json of each, from `ermine run --verdicts`, and perhaps
 * NOTE.tables, Markdown that follows its verdicts.
 */
#include "core/buffer.h"
#include "core/file.h"
#include "core/number.h"
#include "note/verdict_rows.h"
#include "study/machine.h"

#include <ermine/memory.h>
#include <ermine/version.h>

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { MOST_NOTES = 200, MOST_TIMES = 1000, MOST_BYTES = 1 << 24 };

struct timed {
    int note;
    char study[128];
    double seconds; /* of the prototype */
};

struct report {
    const char *folder;
    char note[MOST_NOTES][256];
    size_t first[MOST_NOTES + 1]; /* rows of note i: first[i]..first[i + 1] - 1 */
    int notes;
    struct timed time[MOST_TIMES];
    int times;
    json_t *rows;
};

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static int find_note(struct report *r, const char *path)
{
    for (int i = 0; i < r->notes; i++)
        if (strcmp(r->note[i], path) == 0) return i;
    snprintf(r->note[r->notes], sizeof r->note[0], "%s", path);
    return r->notes++;
}

static bool read_list(struct report *r, const char *path)
{
    char line[1024], note[256], study[128], number[64];
    double seconds;
    FILE *file = fopen(path, "r");
    if (!file) return false;
    while (fgets(line, sizeof line, file) && r->notes < MOST_NOTES && r->times < MOST_TIMES) {
        line[strcspn(line, "#\n")] = '\0';
        const int n = sscanf(line, "%255s %127s %63s", note, study, number);
        if (n < 1) continue;
        const int at = find_note(r, note);
        if (n < 3 || !er_number_real(number, &seconds)) continue;
        r->time[r->times] = (struct timed){.note = at, .seconds = seconds};
        snprintf(r->time[r->times++].study, sizeof r->time[0].study, "%s", study);
    }
    fclose(file);
    return true;
}

/* The rows of all notes, in the order of the list; a note that was not run has none. */
static void read_rows(struct report *r)
{
    for (int i = 0; i < r->notes; i++) {
        char path[1024];
        snprintf(path, sizeof path, "%s/%s.json", r->folder, base_name(r->note[i]));
        json_t *rows = json_load_file(path, 0, NULL);
        r->first[i] = json_array_size(r->rows);
        if (rows) json_array_extend(r->rows, rows);
        json_decref(rows);
    }
    r->first[r->notes] = json_array_size(r->rows);
}

static int count(const struct report *r, const char *verdict)
{
    int n = 0;
    for (size_t i = 0; i < json_array_size(r->rows); i++) {
        const char *word = json_string_value(json_object_get(json_array_get(r->rows, i), "verdict"));
        n += word && strcmp(word, verdict) == 0;
    }
    return n;
}

/* Seconds of a study of note i by the clock, from its claims' rows; negative when none says. */
static double seconds_of(const struct report *r, int i, const char *study)
{
    const size_t n = strlen(study);
    for (size_t k = r->first[i]; k < r->first[i + 1]; k++) {
        const json_t *row = json_array_get(r->rows, k), *seconds = json_object_get(row, "seconds");
        const char *id = json_string_value(json_object_get(row, "id"));
        if (id && strncmp(id, study, n) == 0 && id[n] == '-' && !strchr(id + n + 1, '-') &&
            json_is_number(seconds))
            return json_number_value(seconds);
    }
    return -1;
}

static void write_head(const struct report *r, const char *commit, struct er_buffer *out)
{
    char machine[ER_MACHINE_TEXT], day[16] = "";
    const time_t now = time(NULL);
    struct tm utc;
    if (gmtime_r(&now, &utc)) strftime(day, sizeof day, "%Y-%m-%d", &utc);
    er_buffer_format(
        out,
        "# Reproduction\n\n`make reproduce` wrote this on %s: %s, Ermine %s, commit %s. Every run was "
        "computed anew.\n\n%d claims: %d PASS, %d FAIL, %d not judged. A verdict is by the measured "
        "value; the interval is that of its mean over seeds, 95 %%, by Student's t, and a verdict is close "
        "where the limit of the rule lies within it. What is expected without a paper is from a prototype "
        "that was written to the same description, in another language. Seconds are those of the claim's "
        "study by the clock. [notes.md](notes.md) has the grammar of the rules.\n",
        day, er_machine_text(machine), er_version(), commit, (int)json_array_size(r->rows), count(r, "PASS"),
        count(r, "FAIL"), count(r, "NONE"));
}

/* What FOLDER has as NOTE.tables; most notes have none. */
static void write_tables(const struct report *r, int i, struct er_buffer *out)
{
    char path[1024], line[1024];
    snprintf(path, sizeof path, "%s/%s.tables", r->folder, base_name(r->note[i]));
    FILE *file = fopen(path, "r");
    if (!file) return;
    while (fgets(line, sizeof line, file)) er_buffer_text(out, line);
    fclose(file);
}

static void write_notes(const struct report *r, struct er_buffer *out)
{
    for (int i = 0; i < r->notes; i++) {
        er_buffer_format(out, "\n## [%s](../%s)\n\n", base_name(r->note[i]), r->note[i]);
        if (r->first[i] == r->first[i + 1])
            er_buffer_text(out, "No verdicts: it was not run, or claims nothing.\n");
        else
            er_verdict_markdown(r->rows, r->first[i], r->first[i + 1], out);
        write_tables(r, i, out);
    }
}

static void write_times(const struct report *r, struct er_buffer *out)
{
    if (r->times == 0) return;
    er_buffer_text(out,
                   "\n## Time\n\nSeconds by the clock, beside the one-core prototype of the reference.\n\n"
                   "| note | study | seconds | prototype | prototype / ours |\n|:--|:--|--:|--:|--:|\n");
    for (int i = 0; i < r->times; i++) {
        const struct timed *t = &r->time[i];
        const double ours = seconds_of(r, t->note, t->study);
        er_buffer_format(out, "| %s | %s | ", base_name(r->note[t->note]), t->study);
        if (ours > 0)
            er_buffer_format(out, "%.3g | %.3g | %.2f |\n", ours, t->seconds, t->seconds / ours);
        else
            er_buffer_format(out, "not measured | %.3g |  |\n", t->seconds);
    }
}

static bool write_all(const struct report *r, const char *json, const char *markdown, const char *commit)
{
    struct er_buffer out = {0};
    struct er_error err = {0};
    char *text = NULL;
    write_head(r, commit, &out);
    write_notes(r, &out);
    write_times(r, &out);
    bool fine = er_buffer_take(&out, &text, &err) == ER_OK &&
                er_file_write(markdown, text, strlen(text), &err) == ER_OK;
    er_free(text);
    if (!fine) fprintf(stderr, "bench_reproduce: %s\n", err.msg);
    if (json_dump_file(r->rows, json, JSON_INDENT(1) | JSON_REAL_PRECISION(15)) == 0) return fine;
    fprintf(stderr, "bench_reproduce: cannot write %s\n", json);
    return false;
}

int main(int argc, char **argv)
{
    static struct report r;
    if (argc != 6) {
        fprintf(stderr, "usage: bench_reproduce LIST FOLDER JSON MARKDOWN COMMIT\n");
        return 2;
    }
    r.folder = argv[2];
    r.rows = json_array();
    if (!r.rows || !read_list(&r, argv[1])) {
        fprintf(stderr, "bench_reproduce: cannot read %s\n", argv[1]);
        return 1;
    }
    read_rows(&r);
    const bool written = write_all(&r, argv[3], argv[4], argv[5]);
    json_decref(r.rows);
    return written ? 0 : 1;
}
