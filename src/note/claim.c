/* claim.c - from a claim's rule to its verdict. */
#include "note/claim.h"

#include "note/claim_judge.h"
#include "note/content.h"

#include <inttypes.h>

static enum er_status no_memory(struct er_error *err)
{
    return er_fail(err, ER_E_NOMEM, "out of memory while judging a claim");
}

/* The rule as a text with its place. */
static struct er_quote quote_of(const struct er_study *study, const struct er_claim *claim)
{
    struct er_quote quote = er_quote_of(claim->rule, er_study_file(study));
    quote.rule = true;
    quote.line = claim->rule_line;
    quote.column = quote.first[0] = claim->rule_column;
    return quote;
}

/* An error within a rule whose characters do not follow each other in the file has the place where the rule
 * begins; one in a default says whose it is. */
static enum er_status in_place(const struct er_study *study, const struct er_claim *claim,
                               enum er_status status, struct er_error *err)
{
    if (!err || status != ER_E_INPUT) return status;
    if (claim->line == 0) {
        const struct er_error why = *err;
        return er_fail_at(err, ER_E_INPUT, er_study_file(study), 0, 0,
                          "study %s, of whose experiment is the claim \"%s\", at character %" PRId64
                          " of its rule: %.300s",
                          er_study_name(study), claim->claim, why.column + 1, why.msg);
    }
    if (!claim->verbatim) err->column = claim->rule_column;
    return status;
}

typedef enum er_status rule_use(const struct er_quote_source *source, const struct er_rule *rule,
                                struct er_arena *memory, void *ctx, struct er_error *err);

/* Reads a claim's rule and does something with it. */
static enum er_status with_rule(const struct er_study *study, const struct er_claim *claim,
                                const struct er_table *runs, const struct er_table *curves, rule_use *use,
                                void *ctx, struct er_error *err)
{
    const struct er_quote quote = quote_of(study, claim);
    const struct er_quote_source source = {
        .quote = &quote, .study = er_study_name(study), .runs = runs, .curves = curves};
    struct er_rule rule;
    struct er_arena *memory = NULL;
    enum er_status status = er_arena_new(SIZE_MAX / 2, &memory, err);
    if (status == ER_OK) status = er_rule_read(&quote, memory, &rule, err);
    if (status == ER_OK) status = use(&source, &rule, memory, ctx, err);
    er_arena_free(memory);
    return in_place(study, claim, status, err);
}

static enum er_status check(const struct er_quote_source *source, const struct er_rule *rule,
                            struct er_arena *memory, void *ctx, struct er_error *err)
{
    (void)memory, (void)ctx;
    return er_rule_check(source, rule, err);
}

enum er_status er_claims_check(const struct er_study *study, struct er_error *err)
{
    struct er_table runs = {0}, curves = {0};
    int64_t n;
    const struct er_claim *claim = er_study_claims(study, &n);
    if (n == 0 || claim[0].line == 0) return ER_OK;
    enum er_status status = er_study_heads(study, &runs, &curves, err);
    for (int64_t i = 0; status == ER_OK && i < n; i++)
        status = with_rule(study, &claim[i], &runs, &curves, check, NULL, err);
    er_table_clear(&runs);
    er_table_clear(&curves);
    return status;
}

static enum er_status judge(const struct er_quote_source *source, const struct er_rule *rule,
                            struct er_arena *memory, void *ctx, struct er_error *err)
{
    struct er_note_verdict *out = ctx, made;
    struct er_buffer text = {0};
    enum er_status status = er_rule_judge(source, rule, memory, &made, &text, err);
    if (status == ER_OK) status = er_buffer_take(&text, &made.measured, err);
    er_buffer_clear(&text);
    if (status == ER_OK) *out = made;
    return status;
}

enum er_status er_claim_judge(const struct er_study *study, const struct er_claim *claim,
                              const struct er_table *runs, const struct er_table *curves,
                              struct er_note_verdict *out, struct er_error *err)
{
    return with_rule(study, claim, runs, curves, judge, out, err);
}

/* Why a study cannot be judged; false when it can. */
static bool say_why_not(const struct er_note *note, int64_t i, const struct er_note_result *result,
                        struct er_buffer *out)
{
    const int64_t runs = er_study_runs(note->study[i].study), present = result->provenance.present;
    switch (er_note_state(note, i, result)) {
    case ER_NOTE_FAILED:
        er_buffer_text(out, "not judged: the study failed");
        return true;
    case ER_NOTE_STALE:
        er_buffer_format(out, "not judged: %s", result->stale);
        return true;
    case ER_NOTE_PARTIAL:
        er_buffer_format(out, "not judged: %" PRId64 " of %" PRId64 " runs are there", present, runs);
        return true;
    default:
        return false;
    }
}

enum er_status er_note_judge(const struct er_note *note, int64_t i, int64_t k,
                             const struct er_note_result *result, struct er_note_verdict *out,
                             struct er_error *err)
{
    const struct er_study *study = note->study[i].study;
    struct er_buffer why = {0};
    int64_t n;
    const struct er_claim *claim = er_study_claims(study, &n);
    if (!say_why_not(note, i, result, &why))
        return er_claim_judge(study, &claim[k], &result->runs, &result->curves, out, err);
    struct er_note_verdict none = {.verdict = ER_VERDICT_NONE};
    if (er_buffer_take(&why, &none.measured, err) != ER_OK) return no_memory(err);
    *out = none;
    return ER_OK;
}

void er_note_verdict_clear(struct er_note_verdict *verdict)
{
    er_free(verdict->measured);
    *verdict = (struct er_note_verdict){0};
}

const char *er_verdict_name(enum er_verdict verdict)
{
    static const char *const name[] = {"NONE", "PASS", "FAIL"};
    return name[verdict];
}
