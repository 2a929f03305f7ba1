/* drawn.h - a figure drawn for a test: its texts, and its specification read back.
 */
#ifndef ERMINE_TESTS_SUPPORT_DRAWN_H
#define ERMINE_TESTS_SUPPORT_DRAWN_H

#include <ermine/study.h>
#include <ermine/table.h>
#include <jansson.h>

/* A figure at line 12, column 5 of its note. All texts are borrowed. */
struct er_figure drawn_figure(const char *mark, const char *x, const char *const *y, int64_t n_y,
                              const char *colour);

struct drawn {
    char *spec, *alternative, *title, *caption;
    json_t *json; /* spec, read */
};

/* Draws; every step that fails is a failed test. */
struct drawn drawn_of(const struct er_figure *figure, const struct er_table *runs,
                      const struct er_table *curves);
void drawn_clear(struct drawn *texts);

/* A number of an object; NaN when it is none. */
double drawn_number(const json_t *object, const char *key);

/* The text at a.b, or a.b.c when c is not NULL; "(none)" when there is none. */
const char *drawn_text(const json_t *json, const char *a, const char *b, const char *c);

#endif
