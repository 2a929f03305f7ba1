/* json.c - read by Jansson, which bounds nesting and wants UTF-8. */
#include "pgdl/json.h"

#include "core/number.h"
#include "data/shown.h"

#include <stdio.h>
#include <string.h>

enum er_status er_json_object(const char *text, size_t n, json_t **out, struct er_error *err)
{
    json_error_t wrong;
    char shown[ER_SHOWN];
    json_t *root = json_loadb(text, n, JSON_REJECT_DUPLICATES, &wrong);
    if (!root && json_error_code(&wrong) == json_error_out_of_memory)
        return er_fail(err, ER_E_NOMEM, "out of memory");
    if (!root)
        return er_fail_at(err, ER_E_INPUT, NULL, wrong.line > 0 ? wrong.line : 0,
                          wrong.column > 0 ? wrong.column : 0, "no JSON: %s",
                          er_text_shown(wrong.text, strlen(wrong.text), shown));
    if (!json_is_object(root)) {
        json_decref(root);
        return er_fail(err, ER_E_INPUT, "no JSON object, {\"key\": value, ...}");
    }
    *out = root;
    return ER_OK;
}

char *er_json_shown(const json_t *value, char out[ER_JSON_SHOWN])
{
    char text[ER_SHOWN];
    char number[ER_NUMBER_TEXT];
    if (json_is_string(value))
        snprintf(out, ER_JSON_SHOWN, "\"%s\"",
                 er_text_shown(json_string_value(value), json_string_length(value), text));
    else if (json_is_number(value))
        snprintf(out, ER_JSON_SHOWN, "%s", er_number_text(json_number_value(value), number));
    else if (json_is_boolean(value))
        snprintf(out, ER_JSON_SHOWN, "%s", json_is_true(value) ? "true" : "false");
    else
        snprintf(out, ER_JSON_SHOWN, "%s",
                 !value                 ? "nothing"
                 : json_is_null(value)  ? "null"
                 : json_is_array(value) ? "a list"
                                        : "an object");
    return out;
}
