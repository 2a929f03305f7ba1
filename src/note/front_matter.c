/* front_matter.c - the block of metadata at the head of a note, read from libyaml's events. */
#include "note/front_matter.h"

#include <ermine/memory.h>
#include <stdbool.h>
#include <string.h>
#include <yaml.h>

struct reader {
    struct er_front_matter *out;
    const char *file;
    char **key; /* of the top mapping, to find one that is given twice */
    int64_t keys, depth;
    bool value; /* the next node of the top mapping is a value ... */
    bool title; /* ... that of `title` */
};

static enum er_status refuse(struct reader *r, const yaml_mark_t *mark, const char *why)
{
    er_fail_at(&r->out->error, ER_E_INPUT, r->file, (int64_t)mark->line + 2, (int64_t)mark->column + 1, "%s",
               why);
    return ER_OK;
}

/* True for the plain scalars that are no text and no number. */
static bool other_type(const char *text)
{
    static const char *const word[] = {"",     "~",    "null",  "Null",  "NULL", "true",
                                       "True", "TRUE", "false", "False", "FALSE"};
    for (size_t i = 0; i < sizeof word / sizeof *word; i++)
        if (strcmp(text, word[i]) == 0) return true;
    return false;
}

static enum er_status take_key(struct reader *r, const yaml_event_t *event, const char *text)
{
    for (int64_t i = 0; i < r->keys; i++)
        if (strcmp(r->key[i], text) == 0) return refuse(r, &event->start_mark, "a key is given twice");
    if (strcmp(text, "<<") == 0) return refuse(r, &event->start_mark, "merge keys are not allowed");
    r->key[r->keys] = er_strdup(text);
    if (!r->key[r->keys]) return ER_E_NOMEM;
    r->keys++; /* fewer than the block has bytes, for which there is room */
    r->title = strcmp(text, "title") == 0;
    r->value = true;
    return ER_OK;
}

static enum er_status take_scalar(struct reader *r, const yaml_event_t *event)
{
    const char *text = (const char *)event->data.scalar.value;
    if (strlen(text) != event->data.scalar.length) return refuse(r, &event->start_mark, "a NUL in a text");
    if (r->depth == 0) return refuse(r, &event->start_mark, "not a mapping: \"key: value\" on each line");
    if (r->depth > 1) return ER_OK;
    if (!r->value) return take_key(r, event, text);
    r->value = false;
    bool plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    if (!r->title || (plain && other_type(text))) return ER_OK;
    r->out->title = er_strdup(text);
    return r->out->title ? ER_OK : ER_E_NOMEM;
}

static enum er_status open_node(struct reader *r, const yaml_event_t *event)
{
    const bool sequence = event->type == YAML_SEQUENCE_START_EVENT;
    if (r->depth == 0 && sequence)
        return refuse(r, &event->start_mark, "not a mapping: \"key: value\" on each line");
    if (r->depth == 1 && !r->value) return refuse(r, &event->start_mark, "a key that is not a text");
    if (r->depth == ER_FRONT_MATTER_MAX_DEPTH)
        return refuse(r, &event->start_mark, "nested more than 4 deep");
    if (r->depth == 1) r->value = false;
    r->depth++;
    return ER_OK;
}

static bool decorated(const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_ALIAS_EVENT:
        return true;
    case YAML_SCALAR_EVENT:
        return event->data.scalar.anchor || event->data.scalar.tag;
    case YAML_SEQUENCE_START_EVENT:
        return event->data.sequence_start.anchor || event->data.sequence_start.tag;
    case YAML_MAPPING_START_EVENT:
        return event->data.mapping_start.anchor || event->data.mapping_start.tag;
    default:
        return false;
    }
}

static enum er_status take(struct reader *r, const yaml_event_t *event, int *documents)
{
    if (decorated(event)) return refuse(r, &event->start_mark, "anchors, aliases and tags are not allowed");
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        return ++*documents > 1 ? refuse(r, &event->start_mark, "a second document") : ER_OK;
    case YAML_SCALAR_EVENT:
        return take_scalar(r, event);
    case YAML_SEQUENCE_START_EVENT:
    case YAML_MAPPING_START_EVENT:
        return open_node(r, event);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        r->depth--;
        return ER_OK;
    default:
        return ER_OK;
    }
}

static enum er_status parse(struct reader *r, yaml_parser_t *parser)
{
    int documents = 0;
    for (bool more = true; more;) {
        yaml_event_t event;
        if (!yaml_parser_parse(parser, &event)) {
            if (parser->error == YAML_MEMORY_ERROR) return ER_E_NOMEM;
            return refuse(r, &parser->problem_mark, parser->problem ? parser->problem : "not YAML");
        }
        more = event.type != YAML_STREAM_END_EVENT;
        enum er_status status = take(r, &event, &documents);
        yaml_event_delete(&event);
        if (status != ER_OK) return status;
        if (r->out->error.code != ER_OK) return ER_OK;
    }
    return ER_OK;
}

/* Finds the block; false when the text has none. */
static bool find(const char *text, size_t n, struct er_front_matter *out, int64_t *lines)
{
    if (n < 4 || memcmp(text, "---\n", 4) != 0) return false;
    *lines = 0;
    for (size_t at = 4; at < n; (*lines)++) {
        const char *end = memchr(text + at, '\n', n - at);
        size_t length = end ? (size_t)(end - text) - at : n - at;
        if (length == 3 && (memcmp(text + at, "---", 3) == 0 || memcmp(text + at, "...", 3) == 0)) {
            out->begin = 4;
            out->end = at;
            out->body = end ? at + 4 : n;
            return true;
        }
        at += length + 1;
    }
    return false;
}

enum er_status er_front_matter_read(const char *text, size_t n, const char *file, struct er_front_matter *out,
                                    struct er_error *err)
{
    struct er_front_matter found = {0};
    int64_t lines = 0;
    if (!find(text, n, &found, &lines)) {
        *out = found;
        return ER_OK;
    }
    const size_t bytes = found.end - found.begin;
    struct reader r = {.out = &found, .file = file};
    enum er_status status = ER_OK;
    if (bytes > ER_FRONT_MATTER_MAX_BYTES || lines > ER_FRONT_MATTER_MAX_LINES) {
        er_fail_at(&found.error, ER_E_LIMIT, file, 1, 1, "more than %d bytes or %d lines",
                   ER_FRONT_MATTER_MAX_BYTES, ER_FRONT_MATTER_MAX_LINES);
        *out = found;
        return ER_OK;
    }
    yaml_parser_t parser;
    r.key = er_alloc((int64_t)bytes + 1, sizeof *r.key);
    if (!r.key || !yaml_parser_initialize(&parser)) {
        er_free(r.key);
        return er_fail(err, ER_E_NOMEM, "out of memory while reading the front matter of %s", file);
    }
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)text + found.begin, bytes);
    status = parse(&r, &parser);
    yaml_parser_delete(&parser);
    for (int64_t i = 0; i < r.keys; i++) er_free(r.key[i]);
    er_free(r.key);
    if (status != ER_OK || found.error.code != ER_OK) {
        er_free(found.title);
        found.title = NULL;
    }
    if (status != ER_OK)
        return er_fail(err, status, "out of memory while reading the front matter of %s", file);
    *out = found;
    return ER_OK;
}
