/* verdict_markdown.c - rows of verdicts as a table of Markdown. */
#include "note/verdict_rows.h"

#include <string.h>

/* A text in a cell; signs that Markdown would read stay as they are. */
static void cell_text(struct er_buffer *out, const char *text)
{
    for (const char *c = text ? text : ""; *c; c++) {
        if (strchr("|\\`*_<>[]$^~{&", *c)) er_buffer_char(out, '\\');
        er_buffer_char(out, *c);
    }
}

/* A rule as code, in which only the bar is read; a rule with a backtick as text. */
static void cell_rule(struct er_buffer *out, const char *rule)
{
    if (!rule || strchr(rule, '`')) {
        cell_text(out, rule);
        return;
    }
    er_buffer_char(out, '`');
    for (const char *c = rule; *c; c++) {
        if (*c == '|') er_buffer_char(out, '\\');
        er_buffer_char(out, *c);
    }
    er_buffer_char(out, '`');
}

/* "0.9025 [0.889, 0.916]" */
static void measured(struct er_buffer *out, const json_t *value, const json_t *interval)
{
    if (!json_is_number(value)) return;
    er_buffer_format(out, "%.4g", json_number_value(value));
    if (json_array_size(interval) == 2)
        er_buffer_format(out, " [%.4g, %.4g]", json_number_value(json_array_get(interval, 0)),
                         json_number_value(json_array_get(interval, 1)));
}

static void all_measured(struct er_buffer *out, const json_t *row)
{
    const json_t *value = json_object_get(row, "value"), *interval = json_object_get(row, "interval");
    if (!json_is_array(value)) {
        measured(out, value, interval);
        return;
    }
    for (size_t i = 0; i < json_array_size(value); i++) {
        if (i > 0) er_buffer_text(out, "; ");
        measured(out, json_array_get(value, i), json_array_get(interval, i));
    }
}

void er_verdict_markdown(const json_t *rows, size_t from, size_t to, struct er_buffer *out)
{
    er_buffer_text(out, "| claim | rule | expected | measured, 95 % interval | seeds | verdict | seconds |\n"
                        "|:--|:--|:--|:--|--:|:--|--:|\n");
    for (size_t i = from; i < to; i++) {
        const json_t *row = json_array_get(rows, i), *seconds = json_object_get(row, "seconds");
        er_buffer_text(out, "| ");
        cell_text(out, json_string_value(json_object_get(row, "claim")));
        er_buffer_text(out, " | ");
        cell_rule(out, json_string_value(json_object_get(row, "rule")));
        er_buffer_text(out, " | ");
        cell_text(out, json_string_value(json_object_get(row, "expected")));
        er_buffer_text(out, " | ");
        all_measured(out, row);
        er_buffer_format(out, " | %lld | %s%s | ",
                         (long long)json_integer_value(json_object_get(row, "seeds")),
                         json_string_value(json_object_get(row, "verdict")),
                         json_is_true(json_object_get(row, "close")) ? ", close" : "");
        if (json_is_number(seconds)) er_buffer_format(out, "%.3g", json_number_value(seconds));
        er_buffer_text(out, " |\n");
    }
}
