/* quote.c - fuzzes quoted values: the input is a note, whose values are found and measured, and one expression
 * by itself; each gives texts, or an error with its place. */
#include "note/nesting.h"
#include "note/quote_value.h"
#include "note/utf8.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 5, ROWS = 6, DEPTH = 100 };

static void measure(const struct er_quote *quote)
{
    static struct er_table_column column[COLUMNS] = {{"data.labels.corrupt", "", true, false, true},
                                                     {"seed", "", true, false, true},
                                                     {"outcome", "", false, false, false},
                                                     {"epoch", "epochs", true, false, false},
                                                     {"test_error", "", true, false, false}};
    static struct er_cell cell[ROWS * COLUMNS];
    struct er_quote_answer answer = {0};
    struct er_error err = {0};
    for (int i = 0; i < ROWS; i++) {
        struct er_cell *row = &cell[(ptrdiff_t)i * COLUMNS];
        row[0].number = i < 3 ? 0 : 0.5;
        row[1].number = i % 3;
        row[2].text = i == 5 ? "diverged" : "epochs";
        row[3].number = i;
        row[4].number = i == 4 ? (double)NAN : 0.1 * i;
    }
    const struct er_table runs = {.column = column, .columns = COLUMNS, .rows = ROWS, .cell = cell};
    const struct er_quote_study study[] = {{.name = "s", .runs = &runs, .curves = &runs}, {.failed = true}};
    const enum er_status status = er_quote_evaluate(quote, study, 2, &answer, &err);
    if (status == ER_OK ? !answer.text[0] || !answer.detail[0]
                        : status != ER_E_INPUT || err.line < 1 || err.column < 1 || !err.msg[0])
        abort();
    er_quote_answer_clear(&answer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct er_quotes quotes;
    char *raw = er_alloc((int64_t)size + 1, 1), *text = NULL;
    size_t n;
    if (!raw) return 0;
    memcpy(raw, data, size);
    const struct er_quote whole = er_quote_of(raw, "n.md");
    measure(&whole);
    if (er_text_normalise(raw, size, "n.md", &text, &n, NULL) == ER_OK &&
        er_nesting_check(text, 0, n, DEPTH, "n.md", NULL) == ER_OK &&
        er_quotes_find(text, 0, n, "n.md", &quotes, NULL) == ER_OK) {
        for (int64_t i = 0; i < quotes.n; i++) measure(&quotes.quote[i]);
        er_quotes_clear(&quotes);
    }
    er_free(text);
    er_free(raw);
    return 0;
}
