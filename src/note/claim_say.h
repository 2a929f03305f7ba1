/* claim_say.h - what was measured of a claim, in a line for people. */
#ifndef ERMINE_NOTE_CLAIM_SAY_H
#define ERMINE_NOTE_CLAIM_SAY_H

#include "note/claim_course.h"

/* "90.25 % [88.94, 91.56]": four significant digits; the interval where there is one. */
void er_claim_say_side(struct er_buffer *out, const struct er_measured_side *side);

/* "10 %, 52.1 %, 90.3 % along data.labels.corrupt 0, 0.5, 1"; long courses are cut in the middle. */
void er_claim_say_course(struct er_buffer *out, const struct er_claim_course *course);

#endif
