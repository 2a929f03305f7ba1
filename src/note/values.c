/* values.c - the quoted values of a note, measured against the results of its studies. */
#include "note/values.h"

#include "note/quote_value.h"
#include "note/utf8.h"

#include <string.h>

static enum er_status measure(const struct er_note *note, const struct er_quote *quote,
                              const struct er_note_result *result, struct er_note_value *out,
                              struct er_error *err)
{
    const int64_t n = note->fences.blocks;
    struct er_quote_answer answer = {0};
    struct er_quote_study *study = er_alloc(n, sizeof *study);
    if (!study) return er_fail(err, ER_E_NOMEM, "out of memory while evaluating a quoted value");
    for (int64_t i = 0; i < n; i++)
        study[i] =
            (struct er_quote_study){.name = note->study[i].study ? er_study_name(note->study[i].study) : NULL,
                                    .runs = &result[i].runs,
                                    .curves = &result[i].curves,
                                    .present = result[i].provenance.present,
                                    .wanted = result[i].provenance.runs,
                                    .stale = result[i].stale,
                                    .failed = er_note_state(note, i, &result[i]) == ER_NOTE_FAILED};
    enum er_status status = er_quote_evaluate(quote, study, n, &answer, err);
    er_free(study);
    if (status == ER_OK) *out = (struct er_note_value){.text = answer.text, .detail = answer.detail};
    return status;
}

int64_t er_note_quotes(const struct er_note *note)
{
    return note->quotes.n;
}

enum er_status er_note_quote(const struct er_note *note, int64_t i, const struct er_note_result *result,
                             struct er_note_value *out, struct er_error *err)
{
    return measure(note, &note->quotes.quote[i], result, out, err);
}

enum er_status er_note_evaluate(const struct er_note *note, const char *expression,
                                const struct er_note_result *result, struct er_note_value *out,
                                struct er_error *err)
{
    const struct er_quote quote = er_quote_of(expression, "");
    return measure(note, &quote, result, out, err);
}

void er_note_value_clear(struct er_note_value *value)
{
    er_free(value->text);
    er_free(value->detail);
    *value = (struct er_note_value){0};
}

/* {"error": "note.md:7:3: ..."} */
static json_t *error_json(const struct er_error *error)
{
    char text[sizeof error->file + sizeof error->msg + 64];
    json_t *object = json_object();
    er_error_text(error, text, sizeof text);
    er_utf8_clean(text);
    if (json_object_set_new(object, "error", json_string(text)) == 0) return object;
    json_decref(object);
    return NULL;
}

static json_t *value_json(const struct er_note_value *value)
{
    json_t *object = json_object();
    if (json_object_set_new(object, "text", json_string(value->text)) == 0 &&
        json_object_set_new(object, "detail", json_string(value->detail)) == 0)
        return object;
    json_decref(object);
    return NULL;
}

json_t *er_values_json(const struct er_note *note, const struct er_note_result *result,
                       struct er_problems *problems)
{
    json_t *values = json_object();
    for (int64_t i = 0; values && i < note->quotes.n; i++) {
        const char *key = note->quotes.quote[i].key;
        struct er_note_value value = {0};
        struct er_error why = {0};
        if (json_object_get(json_object_get(values, key), "text")) continue; /* quoted before */
        const enum er_status status = er_note_quote(note, i, result, &value, &why);
        json_t *object = status == ER_E_NOMEM ? NULL
                         : status == ER_OK    ? value_json(&value)
                                              : error_json(&why);
        er_note_value_clear(&value);
        if (json_object_set_new(values, key, object) != 0) {
            json_decref(values);
            return NULL;
        }
        if (status != ER_OK) er_problem_add(problems, &why);
    }
    return values;
}
