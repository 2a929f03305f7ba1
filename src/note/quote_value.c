/* quote_value.c - a quoted value, measured: one value, a difference or a ratio of two, as it is to be written.
 */
#include "note/quote_value.h"

#include "core/number.h"
#include "note/quantity.h"
#include "note/quote_measure.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MOST_STUDIES = 200 };

struct evaluation {
    const struct er_quote *quote;
    struct er_quoted asked;
    struct er_quote_source source;
    struct er_measured part[2], whole;
    char unit[64]; /* of a ratio */
    struct er_arena *memory;
    struct er_error *err;
};

static enum er_status find_study(struct evaluation *e, const struct er_quote_study *study, int64_t studies,
                                 const struct er_quote_study **out)
{
    const struct er_quote_word *name = &e->asked.study;
    const char *names[MOST_STUDIES] = {0};
    int64_t n = 0;
    bool broken = false;
    for (int64_t i = 0; i < studies; i++) {
        if (!study[i].name) {
            broken = true;
        } else if (strcmp(study[i].name, name->text) == 0) {
            *out = &study[i];
            if (!study[i].failed) return ER_OK;
            er_quote_fail(e->quote, name->at, e->err, "study %s has no results: it failed", name->text);
            return ER_E_INPUT;
        } else if (n < MOST_STUDIES) {
            names[n++] = study[i].name;
        }
    }
    const char *nearest = er_nearest(name->text, names, n);
    if (nearest)
        er_quote_fail(e->quote, name->at, e->err, "no study \"%s\"; did you mean \"%s\"?", name->text,
                      nearest);
    else
        er_quote_fail(e->quote, name->at, e->err, "no study \"%s\"%s", name->text,
                      broken ? "; a study of this note is in error" : "");
    return ER_E_INPUT;
}

static const char *unit_of(const struct er_measured *m)
{
    return m->share ? "%" : m->unit;
}

/* "s/epoch" */
static void divide_units(struct evaluation *e)
{
    const struct er_measured *a = &e->part[0], *b = &e->part[1];
    size_t n = strlen(b->unit);
    if (n > 3 && b->unit[n - 1] == 's') n--;
    e->whole.share = false;
    e->whole.unit = "";
    if (strcmp(unit_of(a), unit_of(b)) == 0) return;
    if (!b->unit[0] && !b->share) {
        e->whole.unit = a->unit;
        e->whole.share = a->share;
        return;
    }
    snprintf(e->unit, sizeof e->unit, "%.30s/%.*s", a->unit[0] || a->share ? unit_of(a) : "1",
             (int)(n < 30 ? n : 30), b->share ? "%" : b->unit);
    e->whole.unit = e->unit;
}

static enum er_status combine(struct evaluation *e)
{
    const struct er_measured *a = &e->part[0], *b = &e->part[1];
    struct er_measured *out = &e->whole;
    *out = *a;
    if (!e->asked.operation) return ER_OK;
    if (e->asked.operation == '-') {
        if (strcmp(unit_of(a), unit_of(b)) != 0)
            return er_quote_fail(e->quote, e->asked.operation_at, e->err,
                                 "a difference of values in different units: %s and %s",
                                 unit_of(a)[0] ? unit_of(a) : "a pure number",
                                 unit_of(b)[0] ? unit_of(b) : "a pure number");
        out->value = a->value - b->value;
        out->uncertainty = hypot(a->uncertainty, b->uncertainty);
    } else {
        if (b->value == 0) return er_quote_fail(e->quote, e->asked.value[1].at, e->err, "a ratio to 0");
        divide_units(e);
        out->value = a->value / b->value;
        out->uncertainty = hypot(a->uncertainty / b->value, out->value * (b->uncertainty / b->value));
    }
    if (isfinite(out->value) && isfinite(out->uncertainty)) return ER_OK;
    return er_quote_fail(e->quote, e->asked.operation_at, e->err, "the result is not finite");
}

static enum er_status convert(struct evaluation *e, struct er_quantity *q)
{
    static const char *const name[] = {"us", "ms", "s", "min", "h", "points"};
    static const char *const shown[] = {"\xc2\xb5s", "ms", "s", "min", "h", "percentage points"};
    static const int power[] = {6, 3, 0, 0, 0, 2};
    static const double divisor[] = {1, 1, 1, 60, 3600, 1};
    const struct er_quote_word *unit = &e->asked.form.unit;
    int i = 0;
    while (i < 6 && strcmp(name[i], unit->text) != 0) i++;
    if (i == 6) {
        const char *nearest = er_nearest(unit->text, name, 6);
        return er_quote_fail(e->quote, unit->at, e->err,
                             "\"%s\" is no unit here; there are us, ms, s, min, h and points%s%s%s",
                             unit->text, nearest ? "; did you mean \"" : "", nearest ? nearest : "",
                             nearest ? "\"?" : "");
    }
    if (i == 5 ? !e->whole.share : strcmp(e->whole.unit, "s") != 0)
        return er_quote_fail(e->quote, unit->at, e->err, "%s, and this value is %s%s",
                             i == 5 ? "points are those of a percentage" : "a unit of time",
                             e->whole.share || e->whole.unit[0] ? "in " : "a pure number",
                             e->whole.share ? "%" : e->whole.unit);
    q->power = power[i];
    q->unit = shown[i];
    q->value /= divisor[i];
    q->uncertainty /= divisor[i];
    return ER_OK;
}

/* How the value is to be written. */
static enum er_status shape(struct evaluation *e, struct er_quantity *q)
{
    const struct er_quote_form *form = &e->asked.form;
    *q = (struct er_quantity){.value = e->whole.value,
                              .uncertainty =
                                  form->plain || form->rule != ER_DIGITS_BY_VALUE ? 0 : e->whole.uncertainty,
                              .power = e->whole.share ? 2 : 0,
                              .unit = unit_of(&e->whole),
                              .rule = form->rule,
                              .digits = form->digits};
    if (form->unit.text) {
        enum er_status status = convert(e, q);
        if (status != ER_OK) return status;
    }
    if (form->as == ER_FORM_PERCENT) {
        if (!e->whole.share && e->whole.unit[0])
            return er_quote_fail(e->quote, form->percent.at, e->err,
                                 "only a share can be written as percent, and this value is in %s",
                                 e->whole.unit);
        q->power = 2;
        q->unit = "%";
    } else if (form->as == ER_FORM_NUMBER) {
        if (e->whole.share) q->power = 0;
        q->unit = "";
    }
    return ER_OK;
}

static void say_part(struct evaluation *e, int i, struct er_buffer *out)
{
    er_quote_number(out, &e->part[i], e->part[i].value, e->part[i].uncertainty);
    er_buffer_text(out, " (");
    er_quote_say(out, &e->asked.value[i], &e->part[i]);
    er_buffer_char(out, ')');
}

static void say(struct evaluation *e, const struct er_quote_study *study, struct er_buffer *out)
{
    if (!e->asked.operation) {
        er_quote_say(out, &e->asked.value[0], &e->part[0]);
    } else {
        er_buffer_text(out, e->asked.operation == '-' ? "difference: " : "ratio: ");
        say_part(e, 0, out);
        er_buffer_text(out, e->asked.operation == '-' ? " less " : " to ");
        say_part(e, 1, out);
        if (e->whole.uncertainty > 0) er_buffer_text(out, "; uncertainty as if the two were independent");
    }
    if (study->present < study->wanted)
        er_buffer_format(out, "; not computed yet: %" PRId64 " of the study's %" PRId64 " runs",
                         study->wanted - study->present, study->wanted);
    if (study->stale) er_buffer_format(out, "; %s", study->stale);
}

static enum er_status evaluate(struct evaluation *e, const struct er_quote_study *study, int64_t studies,
                               struct er_buffer *text, struct er_buffer *detail)
{
    const struct er_quote_study *found = NULL;
    struct er_quantity quantity;
    enum er_status status = er_quote_read(e->quote, e->memory, &e->asked, e->err);
    if (status == ER_OK) status = find_study(e, study, studies, &found);
    if (status != ER_OK) return status;
    e->source = (struct er_quote_source){
        .quote = e->quote, .study = found->name, .runs = found->runs, .curves = found->curves};
    for (int i = 0; status == ER_OK && i < (e->asked.operation ? 2 : 1); i++)
        status = er_quote_measure(&e->source, &e->asked.value[i], e->memory, &e->part[i], e->err);
    if (status == ER_OK) status = combine(e);
    if (status == ER_OK) status = shape(e, &quantity);
    if (status != ER_OK) return status;
    er_quantity_write(text, &quantity);
    say(e, found, detail);
    return ER_OK;
}

enum er_status er_quote_evaluate(const struct er_quote *quote, const struct er_quote_study *study,
                                 int64_t studies, struct er_quote_answer *out, struct er_error *err)
{
    struct er_buffer text = {0}, detail = {0};
    struct er_quote_answer answer = {0};
    struct evaluation e = {.quote = quote, .err = err};
    enum er_status status = er_arena_new(SIZE_MAX / 2, &e.memory, err);
    if (status != ER_OK) return status;
    status = evaluate(&e, study, studies, &text, &detail);
    if (status == ER_OK) status = er_buffer_take(&text, &answer.text, err);
    if (status == ER_OK) status = er_buffer_take(&detail, &answer.detail, err);
    if (status == ER_OK)
        *out = answer;
    else
        er_quote_answer_clear(&answer);
    er_buffer_clear(&text);
    er_buffer_clear(&detail);
    er_arena_free(e.memory);
    return status;
}

void er_quote_answer_clear(struct er_quote_answer *answer)
{
    er_free(answer->text);
    er_free(answer->detail);
    *answer = (struct er_quote_answer){0};
}
