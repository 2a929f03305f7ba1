/* values.h - the quoted values of a note for its page. */
#ifndef ERMINE_NOTE_VALUES_H
#define ERMINE_NOTE_VALUES_H

#include "note/content.h"
#include "note/problem.h"

#include <jansson.h>

/* The object "values" of the page's data: for each key {"text", "detail"} or {"error"}, with its place.
 * Values that cannot be measured are added to `problems`, each as often as it is quoted. NULL when memory is
 * out. */
json_t *er_values_json(const struct er_note *note, const struct er_note_result *result,
                       struct er_problems *problems);

#endif
