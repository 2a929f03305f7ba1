/* claim_judge_course.c - whether a course rises or falls, and where it is least or greatest. */
#include "note/claim_judge_parts.h"

#include "core/number.h"
#include "note/claim_say.h"

#include <math.h>

/* The step from point i to the next, counted up or down. */
static struct er_measured_side step(const struct er_claim_course *course, int64_t i, bool up)
{
    return er_side_less(&course->side[up ? i + 1 : i], &course->side[up ? i : i + 1]);
}

/* Of a course that is to rise or fall the least step, of one that never does the greatest. */
static int64_t decisive(const struct er_claim_course *course, bool up, bool never)
{
    int64_t best = 0;
    for (int64_t i = 1; i + 1 < course->n; i++) {
        const double here = step(course, i, up).value, there = step(course, best, up).value;
        if (never ? here > there : here < there) best = i;
    }
    return best;
}

enum er_status er_judge_course(const struct er_judging *j, const struct er_rule_clause *clause,
                               struct er_note_clause *out)
{
    struct er_claim_course course;
    char from[ER_NUMBER_TEXT], to[ER_NUMBER_TEXT];
    enum er_status status = er_course_measure(j->source, clause, j->memory, &course, j->err);
    if (status != ER_OK) return status;
    const bool up = clause->is == ER_RISES || clause->is == ER_NEVER_RISES;
    const bool never = clause->is == ER_NEVER_RISES || clause->is == ER_NEVER_FALLS;
    const int64_t at = decisive(&course, up, never);
    const struct er_measured_side most = step(&course, at, up);
    const bool same =
        er_judge_equal(most.value, clause->more,
                       fmax(clause->more, er_judge_size(course.side[at].value, course.side[at + 1].value)));
    er_judge_interval(out, &most);
    out->holds = never ? most.value < clause->more || same : most.value > clause->more && !same;
    out->close = fabs(most.value - clause->more) < er_side_half_width(&most);
    for (int64_t i = 0; i < course.n; i++)
        if (course.side[i].seeds < out->seeds) out->seeds = course.side[i].seeds;
    er_claim_say_course(j->text, &course);
    er_buffer_format(j->text, "; the %s %s is ", never ? "greatest" : "least", up ? "rise" : "fall");
    er_claim_say_side(j->text, &most);
    er_buffer_format(j->text, ", from %s to %s", er_number_text(course.at[at], from),
                     er_number_text(course.at[at + 1], to));
    return ER_OK;
}

static bool in_range(const struct er_rule_clause *clause, double at)
{
    return (at > clause->low || er_judge_equal(at, clause->low, er_judge_size(at, clause->low))) &&
           (at < clause->high || er_judge_equal(at, clause->high, er_judge_size(at, clause->high)));
}

/* The best point of a course within the range of the clause, or outside of it; -1 when there is none. */
static int64_t best_of(const struct er_claim_course *course, const struct er_rule_clause *clause, bool within)
{
    int64_t best = -1;
    for (int64_t i = 0; i < course->n; i++) {
        const double value = course->side[i].value;
        if (in_range(clause, course->at[i]) != within) continue;
        if (best < 0 ||
            (clause->is == ER_IS_LEAST ? value < course->side[best].value : value > course->side[best].value))
            best = i;
    }
    return best;
}

/* Least or greatest in its range: better there than anywhere else. */
enum er_status er_judge_extreme(const struct er_judging *j, const struct er_rule_clause *clause,
                                struct er_note_clause *out)
{
    struct er_claim_course course;
    char at[ER_NUMBER_TEXT];
    enum er_status status = er_course_measure(j->source, clause, j->memory, &course, j->err);
    if (status != ER_OK) return status;
    const int64_t inside = best_of(&course, clause, true), outside = best_of(&course, clause, false);
    if (inside < 0 || outside < 0)
        return er_quote_fail(j->source->quote, clause->along.at, j->err,
                             "%s of the values of \"%s\" here is where it should be",
                             inside < 0 ? "none" : "each", clause->along.text);
    const struct er_measured_side more = clause->is == ER_IS_LEAST
                                             ? er_side_less(&course.side[outside], &course.side[inside])
                                             : er_side_less(&course.side[inside], &course.side[outside]);
    const double size = er_judge_size(course.side[inside].value, course.side[outside].value);
    out->holds = more.value > 0 && !er_judge_equal(more.value, 0, size);
    out->close = fabs(more.value) < er_side_half_width(&more);
    const int64_t best = out->holds ? inside : outside;
    out->value = course.at[best];
    out->low = out->high = (double)NAN;
    out->seeds = more.seeds;
    for (int64_t i = 0; i < course.n; i++)
        if (course.side[i].seeds < out->seeds) out->seeds = course.side[i].seeds;
    er_claim_say_course(j->text, &course);
    er_buffer_format(j->text, "; the %s is ", clause->is == ER_IS_LEAST ? "least" : "greatest");
    er_claim_say_side(j->text, &course.side[best]);
    er_buffer_format(j->text, ", at %s", er_number_text(course.at[best], at));
    return ER_OK;
}
