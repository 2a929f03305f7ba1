/* claim.c - fuzzes rules of claims: each is read and judged, which gives a verdict with words, or an error with its
 * place. */
#include "note/claim_judge.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 5, ROWS = 6 };

static struct er_cell cell[ROWS * COLUMNS];

static void fill(void)
{
    for (int i = 0; i < ROWS; i++) {
        struct er_cell *row = &cell[(ptrdiff_t)i * COLUMNS];
        row[0].number = i < 3 ? 0 : 0.5;
        row[1].number = i % 3;
        row[2].text = i == 5 ? "diverged" : "epochs";
        row[3].number = i;
        row[4].number = i == 4 ? (double)NAN : 0.1 * i;
    }
}

static void judge(const struct er_quote *quote, struct er_arena *memory)
{
    static struct er_table_column column[COLUMNS] = {{"data.labels.corrupt", "", true, false, true},
                                                     {"seed", "", true, false, true},
                                                     {"outcome", "", false, false, false},
                                                     {"epoch", "epochs", true, false, false},
                                                     {"test_error", "", true, false, false}};
    const struct er_table runs = {.column = column, .columns = COLUMNS, .rows = ROWS, .cell = cell};
    const struct er_quote_source source = {.quote = quote, .study = "s", .runs = &runs, .curves = &runs};
    struct er_rule rule;
    struct er_note_verdict verdict = {.verdict = ER_VERDICT_NONE};
    struct er_buffer text = {0};
    struct er_error err = {0};
    enum er_status status = er_rule_read(quote, memory, &rule, &err);
    if (status == ER_OK) status = er_rule_check(&source, &rule, &err);
    if (status == ER_OK) status = er_rule_judge(&source, &rule, memory, &verdict, &text, &err);
    if (status == ER_OK) {
        if (verdict.verdict == ER_VERDICT_NONE || verdict.clauses < 1 || !text.length) abort();
        for (int i = 0; i < verdict.clauses; i++) {
            const struct er_note_clause *c = &verdict.clause[i];
            if (!isfinite(c->value) || isnan(c->low) != isnan(c->high) || c->low > c->value ||
                c->value > c->high)
                abort();
        }
    } else if (status != ER_E_INPUT || err.line < 1 || err.column < 1 || !err.msg[0]) {
        abort();
    }
    er_buffer_clear(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct er_arena *memory = NULL;
    char *raw = er_alloc((int64_t)size + 1, 1);
    if (!raw || er_arena_new(SIZE_MAX / 2, &memory, NULL) != ER_OK) {
        er_free(raw);
        return 0;
    }
    fill();
    memcpy(raw, data, size);
    struct er_quote quote = er_quote_of(raw, "n.md");
    quote.rule = true;
    judge(&quote, memory);
    er_arena_free(memory);
    er_free(raw);
    return 0;
}
