/* A study of ten thousand runs, 300 epochs each, takes no more of a page than it may, and what stands out in
 * it is still there; so it is with a note of forty figures. */
#include "t.h"

#include "core/buffer.h"
#include "note/section.h"
#include "support/tables.h"

#include <ermine/note.h>
#include <jansson.h>

enum { SEEDS = T_SANITIZED ? 3 : 100, RATES = 10, CORRUPT = 10, EPOCHS = 300 };

#define STUDY                                                                                                \
    "study: large\n"                                                                                         \
    "data: {name: two-spirals, labels: {corrupt: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]}}\n"       \
    "model: [dense 8, relu, dense]\n"                                                                        \
    "train: {sgd: {rate: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1]}, epochs: 299}\n"

static const double rate[RATES] = {0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1};

/* One loss and one error that are unlike all others, at one epoch of one run. */
enum { ODD_RUN = 207, ODD_EPOCH = 151 };
static const double odd_loss = 987.5, odd_error = 0.9375;

static void fill_run(struct er_table *runs, int64_t i, double corrupt, double step, int64_t seed)
{
    table_number(runs, i, "data.labels.corrupt", corrupt);
    table_number(runs, i, "train.sgd.rate", step);
    table_number(runs, i, "seed", (double)seed);
    table_word(runs, i, "outcome", "epochs");
    table_number(runs, i, "train_error", 0.25 + 0.01 * sin((double)i));
    table_number(runs, i, "test_error",
                 i == ODD_RUN ? odd_error : 0.5 + 0.1 * corrupt + 0.01 * sin(3.0 * (double)i));
}

static struct er_note_result result_of(int64_t seeds)
{
    static const struct er_table_column run[] = {{"data.labels.corrupt", "", true, false, true},
                                                 {"train.sgd.rate", "", true, true, true},
                                                 {"seed", "", true, false, true},
                                                 {"outcome", "", false, false, false},
                                                 {"train_error", "", true, false, false},
                                                 {"test_error", "", true, false, false}};
    static const struct er_table_column curve[] = {{"data.labels.corrupt", "", true, false, true},
                                                   {"train.sgd.rate", "", true, true, true},
                                                   {"seed", "", true, false, true},
                                                   {"epoch", "epochs", true, false, false},
                                                   {"train_loss", "", true, true, false}};
    const int64_t n = CORRUPT * RATES * seeds;
    struct er_note_result result = {.runs = table_make(run, 6, n),
                                    .curves = table_make(curve, 5, n * EPOCHS)};
    for (int64_t i = 0; i < n; i++) {
        const int64_t seed = i % seeds, r = i / seeds % RATES, c = i / seeds / RATES;
        fill_run(&result.runs, i, 0.1 * (double)c, rate[r], seed);
        for (int64_t e = 0; e < EPOCHS; e++) {
            struct er_cell *cell = &result.curves.cell[(i * EPOCHS + e) * 5];
            cell[0].number = 0.1 * (double)c;
            cell[1].number = rate[r];
            cell[2].number = (double)seed;
            cell[3].number = (double)e;
            cell[4].number = i == ODD_RUN && e == ODD_EPOCH
                                 ? odd_loss
                                 : 2.3 * exp(-0.01 * (double)e) * (1 + 0.1 * sin((double)(7 * i + e)));
        }
    }
    result.provenance = (struct er_provenance){.runs = n,
                                               .present = n,
                                               .computed_from = "2024-05-01T10:00:00Z",
                                               .computed_to = "2024-05-01T10:00:02Z",
                                               .machine = "a machine",
                                               .version = "0.0.0",
                                               .checksum = "0123456789abcdef",
                                               .data_sets = 1};
    return result;
}

/* The text between the first `begin` and the `end` after it, freed by er_free(); *rest: what follows. */
static char *between(const char *text, const char *begin, const char *end, const char **rest)
{
    const char *from = strstr(text, begin), *to = from ? strstr(from + strlen(begin), end) : NULL;
    if (!to) return NULL;
    from += strlen(begin);
    char *copy = er_alloc(to - from + 1, 1);
    if (!copy) abort();
    memcpy(copy, from, (size_t)(to - from));
    *rest = to;
    return copy;
}

/* Whether a row of the figure's data (of the whole or of a layer) has this value in the field. */
static bool has_value(const json_t *spec, const char *field, double value)
{
    const json_t *values = json_object_get(json_object_get(spec, "data"), "values"), *row, *layer;
    size_t i;
    json_array_foreach(values, i,
                       row) if (json_number_value(json_object_get(row, field)) == value) return true;
    json_array_foreach(json_object_get(spec, "layer"), i,
                       layer) if (has_value(layer, field, value)) return true;
    return false;
}

/* The figure whose description contains `words`: the value is drawn, in the table, and in the CSV. */
static void stands_out(const char *html, const char *words, const char *field, double value, const char *cell,
                       const char *csv_cell)
{
    const char *rest = html;
    for (const char *figure = html; (figure = strstr(figure, "<figure ")); figure++) {
        char *label = between(figure, "aria-label=\"", "\"", &rest);
        const bool found = label && strstr(label, words);
        if (found) T_OK(strlen(label) <= ER_ALTERNATIVE_MAX + 200, "%s", label);
        er_free(label);
        if (!found) continue;
        char *table = between(figure, "<tbody>", "</tbody>", &rest);
        char *csv = between(figure, "utf-8,", "\"", &rest),
             *json = between(figure, "class=\"spec\">", "</script>", &rest);
        json_t *spec = json ? json_loads(json, 0, NULL) : NULL;
        T_OK(spec, "%s: a specification", words);
        T_OK(has_value(spec, field, value), "%s: %g is drawn", words, value);
        T_OK(table && strstr(table, cell), "%s: %s is in the table", words, cell);
        T_OK(csv && strstr(csv, csv_cell), "%s: %s is in the CSV", words, csv_cell);
        T_OK(T_SANITIZED || strstr(figure, "ermine show n.md --"), "%s: where all numbers are", words);
        json_decref(spec);
        er_free(table);
        er_free(csv);
        er_free(json);
        return;
    }
    T_OK(false, "there is a figure of %s", words);
}

static char *section(const char *text, const struct er_note_result *result)
{
    struct er_error err = {0};
    const struct er_page_options options = {0};
    struct er_problems problems = {.options = &options};
    struct er_note *note = NULL;
    struct er_buffer html = {0};
    char *made = NULL;
    T_STATUS(er_note_parse(text, strlen(text), "n.md", &note, &err), ER_OK, "the note");
    size_t share = 0;
    T_STATUS(er_page_share(note, result, &share, &err), ER_OK, "the room of a figure");
    T_STATUS(er_section_write(note, 0, result, share, &html, &problems, &err), ER_OK, "the section");
    T_OK(problems.first.code == ER_OK, "every figure is drawn: %s", problems.first.msg);
    T_STATUS(er_buffer_take(&html, &made, &err), ER_OK, "its text");
    er_note_free(note);
    return made;
}

static void one_study(void)
{
    struct er_note_result result = result_of(SEEDS);
    char *html = section("```ermine\n" STUDY "seeds: 100\n```\n", &result);
    T_OK(strlen(html) <= 3 * ER_PAGE_FIGURE_MOST + 10000, "%zu bytes of three figures", strlen(html));
    T_OK(T_SANITIZED || strstr(html, "rows)</a>"), "the CSV is thinned too");
    stands_out(html, "training loss against epoch", "high", odd_loss, ">987.5<", ",987.5,");
    stands_out(html, "test error against", "value", odd_error, ">0.9375<", ",0.9375%0A");
    er_free(html);
    er_table_clear(&result.runs);
    er_table_clear(&result.curves);
}

static void forty_figures(void)
{
    struct er_note_result result = result_of(3);
    struct er_buffer text = {0};
    er_buffer_text(&text, "```ermine\n" STUDY "seeds: 3\nfigures:\n");
    for (int i = 0; i < 20; i++)
        er_buffer_text(&text, "  - {mark: line, x: epoch, y: train_loss, colour: train.sgd.rate}\n"
                              "  - {mark: point, x: train.sgd.rate, y: [train_error, test_error], colour: "
                              "data.labels.corrupt}\n");
    er_buffer_text(&text, "```\n");
    char *html = section(text.data, &result);
    T_OK(strlen(html) <= ER_PAGE_FIGURES_BYTES + 60000, "%zu bytes of forty figures", strlen(html));
    T_OK(strlen(html) >= ER_PAGE_FIGURES_BYTES / 2, "%zu bytes: the room is used", strlen(html));
    stands_out(html, "training loss against epoch", "high", odd_loss, ">987.5<", ",987.5,");
    er_free(html);
    er_buffer_clear(&text);
    er_table_clear(&result.runs);
    er_table_clear(&result.curves);
}

int main(void)
{
    one_study();
    forty_figures();
    return t_done();
}
