#include "support/small_note.h"

#include "support/tables.h"
#include "t.h"

struct er_note *note_read(const char *text, const char *file)
{
    struct er_error err = {0};
    struct er_note *note = NULL;
    T_STATUS(er_note_parse(text, strlen(text), file, &note, &err), ER_OK, "%.30s", text);
    return note;
}

/* Results as a store would give them, small and round. */
struct er_note_result note_results(const char *outcome, int epochs)
{
    static const struct er_table_column run[] = {{"data.labels.corrupt", "", true, false, true},
                                                 {"seed", "", true, false, true},
                                                 {"outcome", "", false, false, false},
                                                 {"test_error", "", true, false, false}};
    static const struct er_table_column curve[] = {
        {"data.labels.corrupt", "", true, false, true}, {"seed", "", true, false, true},
        {"epoch", "epochs", true, false, false},        {"train_loss", "", true, true, false},
        {"test_loss", "", true, true, false},           {"train_error", "", true, false, false},
        {"test_error", "", true, false, false}};
    struct er_note_result result = {.runs = table_make(run, 4, 4),
                                    .curves = table_make(curve, 7, (int64_t)4 * epochs)};
    for (int64_t i = 0; i < 4; i++) {
        const int64_t half = i / 2;
        table_number(&result.runs, i, "data.labels.corrupt", 0.5 * (double)half);
        table_number(&result.runs, i, "seed", (double)(i % 2));
        table_word(&result.runs, i, "outcome", outcome);
        table_number(&result.runs, i, "test_error", 0.125 * (double)(i + 1));
        for (int64_t e = 0; e < epochs; e++) {
            table_number(&result.curves, i * epochs + e, "data.labels.corrupt", 0.5 * (double)half);
            table_number(&result.curves, i * epochs + e, "seed", (double)(i % 2));
            table_number(&result.curves, i * epochs + e, "epoch", (double)e);
            table_number(&result.curves, i * epochs + e, "train_loss",
                         (1 + 0.5 * (double)(i % 2)) / (double)(e + 1));
        }
    }
    result.provenance = (struct er_provenance){.runs = 4,
                                               .present = 4,
                                               .computed_from = "2024-05-01T10:00:00Z",
                                               .computed_to = "2024-05-01T10:00:02Z",
                                               .seconds = 2.5,
                                               .machine = "2 x a processor, <avx2>",
                                               .version = "0.0.0",
                                               .checksum = "0123456789abcdef",
                                               .data_sets = 1};
    return result;
}

void note_results_clear(struct er_note_result *result)
{
    er_table_clear(&result->runs);
    er_table_clear(&result->curves);
}

char *note_page_with(const struct er_note *note, const struct er_note_result *result,
                     const struct er_page_options *options, enum er_status want)
{
    struct er_error err = {0};
    char *html = NULL;
    T_STATUS(er_note_page(note, result, options, &html, &err), want, "page");
    T_OK(html, "the page is there");
    return html;
}

char *note_page(const struct er_note *note, const struct er_note_result *result, enum er_status want)
{
    return note_page_with(note, result, NULL, want);
}

int64_t note_count(const char *text, const char *word)
{
    int64_t n = 0;
    for (const char *at = text; (at = strstr(at, word)); at += strlen(word)) n++;
    return n;
}
