/* drawn.c - a figure drawn for a test. */
#include "support/drawn.h"

#include "note/figure.h"
#include "t.h"

#include <ermine/note.h>

struct er_figure drawn_figure(const char *mark, const char *x, const char *const *y, int64_t n_y,
                              const char *colour)
{
    return (struct er_figure){
        .mark = mark, .x = x, .y = y, .n_y = n_y, .colour = colour, .line = 12, .column = 5};
}

struct drawn drawn_of(const struct er_figure *figure, const struct er_table *runs,
                      const struct er_table *curves)
{
    struct er_error err = {0};
    struct drawn texts = {0};
    struct er_drawing drawing;
    T_STATUS(er_figure_spec(figure, runs, curves, &texts.spec, &texts.alternative, &err), ER_OK, "%s %s",
             figure->mark, figure->x ? figure->x : "");
    texts.json = texts.spec ? json_loads(texts.spec, 0, NULL) : NULL;
    T_OK(texts.json, "the specification is JSON");
    T_STATUS(er_drawing_make(figure, runs, curves, &drawing, &err), ER_OK, "drawing");
    T_STATUS(er_drawing_title(&drawing, &texts.title, &err), ER_OK, "title");
    T_STATUS(er_drawing_caption(&drawing, &texts.caption, &err), ER_OK, "caption");
    er_drawing_clear(&drawing);
    return texts;
}

void drawn_clear(struct drawn *texts)
{
    json_decref(texts->json);
    er_free(texts->spec);
    er_free(texts->alternative);
    er_free(texts->title);
    er_free(texts->caption);
}

double drawn_number(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : (double)NAN;
}

const char *drawn_text(const json_t *json, const char *a, const char *b, const char *c)
{
    json = json_object_get(json_object_get(json, a), b);
    const char *text = json_string_value(c ? json_object_get(json, c) : json);
    return text ? text : "(none)";
}
