/* verdict_rows.c - verdicts as JSON. */
#include "note/verdict_rows.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static enum er_status no_memory(struct er_error *err)
{
    return er_fail(err, ER_E_NOMEM, "out of memory for the rows of verdicts");
}

static json_t *number_or_null(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *text_or_null(const char *text)
{
    return text ? json_string(text) : json_null();
}

static json_t *interval_of(const struct er_note_clause *clause)
{
    if (!isfinite(clause->low) || !isfinite(clause->high)) return json_null();
    return json_pack("[f, f]", clause->low, clause->high);
}

/* Of one clause its value or interval, of several the list of them. */
static json_t *of_clauses(const struct er_note_verdict *verdict, bool interval)
{
    if (verdict->clauses == 0) return json_null();
    json_t *list = json_array(), *item = NULL;
    for (int i = 0; i < verdict->clauses; i++) {
        const struct er_note_clause *clause = &verdict->clause[i];
        item = interval ? interval_of(clause) : number_or_null(clause->value);
        if (verdict->clauses == 1) {
            json_decref(list);
            return item;
        }
        if (json_array_append_new(list, item) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

static bool add_row(json_t *rows, const struct er_study *study, int64_t k, const struct er_claim *claim,
                    const struct er_note_verdict *verdict, double seconds)
{
    char id[160];
    snprintf(id, sizeof id, "%s-%" PRId64, er_study_name(study), k + 1);
    json_t *row = json_object();
    const bool made =
        json_object_set_new(row, "id", json_string(id)) == 0 &&
        json_object_set_new(row, "claim", json_string(claim->claim)) == 0 &&
        json_object_set_new(row, "rule", json_string(claim->rule)) == 0 &&
        json_object_set_new(row, "expected", text_or_null(claim->expected)) == 0 &&
        json_object_set_new(row, "value", of_clauses(verdict, false)) == 0 &&
        json_object_set_new(row, "interval", of_clauses(verdict, true)) == 0 &&
        json_object_set_new(row, "seeds", json_integer(verdict->seeds)) == 0 &&
        json_object_set_new(row, "verdict", json_string(er_verdict_name(verdict->verdict))) == 0 &&
        json_object_set_new(row, "close", json_boolean(verdict->close)) == 0 &&
        json_object_set_new(row, "seconds", number_or_null(seconds)) == 0;
    if (made) return json_array_append_new(rows, row) == 0;
    json_decref(row);
    return false;
}

enum er_status er_verdict_rows(const struct er_note *note, int64_t i, const struct er_note_result *result,
                               double seconds, json_t *rows, const struct er_verdict_listener *heard,
                               struct er_error *err)
{
    const struct er_study *study = er_note_study(note, i, NULL);
    int64_t n;
    const struct er_claim *claim = er_study_claims(study, &n);
    for (int64_t k = 0; k < n; k++) {
        struct er_note_verdict verdict = {.verdict = ER_VERDICT_NONE};
        struct er_error why = {0};
        const enum er_status status = er_note_judge(note, i, k, result, &verdict, &why);
        if (status == ER_E_NOMEM) return er_fail(err, status, "%s", why.msg);
        if (heard) heard->verdict(heard->ctx, &claim[k], status == ER_OK ? &verdict : NULL, &why);
        const bool added = add_row(rows, study, k, &claim[k], &verdict, seconds);
        er_note_verdict_clear(&verdict);
        if (!added) return no_memory(err);
    }
    return ER_OK;
}
