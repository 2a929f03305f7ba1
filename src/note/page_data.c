/* page_data.c - what the page's script is told of a note, as JSON. */
#include "note/page_data.h"

#include "note/book_data.h"
#include "note/html.h"
#include "note/pictures.h"
#include "note/utf8.h"
#include "note/values.h"

#include <ermine/version.h>
#include <jansson.h>
#include <stdlib.h>

/* The file's name, which may be any bytes. */
static json_t *file_name(const struct er_note *note)
{
    char *name = er_strdup(er_note_name(note));
    if (name) er_utf8_clean(name);
    json_t *value = name ? json_string(name) : NULL;
    er_free(name);
    return value;
}

enum er_status er_page_data_write(const struct er_note *note, const struct er_note_result *result,
                                  struct er_buffer *html, struct er_problems *problems, struct er_error *err)
{
    const struct er_page_options *options = problems->options;
    json_t *page = json_object();
    int failed = json_object_set_new(page, "file", file_name(note));
    failed |= json_object_set_new(page, "version", json_string(er_version()));
    failed |= json_object_set_new(page, "title", json_string(note->title));
    failed |= json_object_set_new(page, "values", er_values_json(note, result, problems));
    failed |= json_object_set_new(page, "pictures", er_pictures_json(note, problems));
    failed |= json_object_set_new(
        page, "book", options->book ? er_book_data(options->book, options->chapter) : json_null());
    char *text = failed ? NULL : json_dumps(page, JSON_COMPACT);
    json_decref(page);
    if (!text) return er_fail(err, ER_E_NOMEM, "out of memory while writing a page");
    er_html_json(html, text);
    free(text);
    return ER_OK;
}
