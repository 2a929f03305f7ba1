/* spec_slider.c - what the page's script needs for a slider: the field of rows that it chooses by, its values, how
 * they are said, and the words for the figure at each of them.
 */
#include "note/spec_parts.h"

#include "core/buffer.h"

static void add_text(struct er_spec *m, json_t *list, const struct er_drawing *drawing, int64_t step)
{
    struct er_buffer text = {0};
    er_drawing_say_step(&text, drawing, step);
    er_spec_append(m, list, text.status == ER_OK ? json_string(text.data ? text.data : "") : NULL);
    er_buffer_clear(&text);
}

enum er_status er_spec_slider(struct er_spec *m, json_t *spec, struct er_error *err)
{
    const struct er_values *slider = &m->drawing->aggregate.slider;
    json_t *object = er_spec_made(m, json_object()), *values = er_spec_made(m, json_array());
    json_t *texts = er_spec_made(m, json_array()), *words = er_spec_made(m, json_array());
    enum er_status status = ER_OK;
    for (int64_t i = 0; i < slider->n && status == ER_OK; i++) {
        char *alternative = NULL;
        er_spec_append(m, values,
                       slider->numeric ? er_spec_number(m, slider->number[i]) : json_string(slider->text[i]));
        add_text(m, texts, m->drawing, i);
        status = er_drawing_step_alternative(m->drawing, i, &alternative, err);
        if (status == ER_OK) er_spec_append(m, words, json_string(alternative));
        er_free(alternative);
    }
    er_spec_text(m, object, "field", m->slider);
    er_spec_text(m, object, "title", m->view->slider_title);
    er_spec_put(m, object, "values", values);
    er_spec_put(m, object, "texts", texts);
    er_spec_put(m, object, "alternatives", words);
    if (!json_object_get(spec, "usermeta")) er_spec_put(m, spec, "usermeta", json_object());
    er_spec_put(m, json_object_get(spec, "usermeta"), "slider", object);
    return status;
}
