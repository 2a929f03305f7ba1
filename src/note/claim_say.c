/* claim_say.c - measured sides and courses in words. */
#include "note/claim_say.h"

#include "core/number.h"
#include "note/quantity.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

enum { DIGITS = 4, MOST_POINTS = 6 };

/* A number that three digits say is written by its value, any other with four. */
static void number(struct er_buffer *out, const struct er_measured_side *side, double value, bool unit)
{
    char three[32];
    double read = 0;
    snprintf(three, sizeof three, "%.3g", value);
    struct er_quantity quantity = {.value = value,
                                   .power = side->share ? 2 : 0,
                                   .unit = !unit         ? ""
                                           : side->share ? "%"
                                           : side->unit  ? side->unit
                                                         : ""};
    if (!(er_number_real(three, &read) && fabs(read - value) <= 1e-12 * fabs(value)) &&
        value != rint(value)) {
        quantity.rule = ER_DIGITS;
        quantity.digits = DIGITS;
    }
    er_quantity_write(out, &quantity);
}

void er_claim_say_side(struct er_buffer *out, const struct er_measured_side *side)
{
    const double half = er_side_half_width(side);
    number(out, side, side->value, true);
    if (isnan(half) || side->number) return;
    er_buffer_text(out, " [");
    number(out, side, side->value - half, false);
    er_buffer_text(out, ", ");
    number(out, side, side->value + half, false);
    er_buffer_char(out, ']');
}

/* Whether point i of a course is left out in the middle. */
static bool left_out(const struct er_claim_course *course, int64_t i)
{
    return course->n > MOST_POINTS && i >= MOST_POINTS - 2 && i < course->n - 1;
}

void er_claim_say_course(struct er_buffer *out, const struct er_claim_course *course)
{
    for (int pass = 0; pass < 2; pass++) {
        if (pass == 1) er_buffer_format(out, " along %s ", course->table->column[course->column].name);
        for (int64_t i = 0; i < course->n; i++) {
            char text[ER_NUMBER_TEXT];
            if (left_out(course, i)) {
                if (!left_out(course, i - 1)) er_buffer_text(out, ", ...");
                continue;
            }
            if (i > 0) er_buffer_text(out, ", ");
            if (pass == 0)
                number(out, &course->side[i], course->side[i].value, true);
            else
                er_buffer_text(out, er_number_text(course->at[i], text));
        }
    }
}
