/* front_matter.c - the block of metadata at the head of a note, read from libyaml's events. */
#include "note/front_matter.h"

#include <ermine/memory.h>
#include <stdbool.h>
#include <string.h>
#include <yaml.h>

enum key { OTHER, TITLE, DESCRIPTION, TYPE, LANG, ROBOTS };

struct reader {
    struct er_front_matter *out;
    const char *file;
    char **key; /* of the top mapping, to find one that is given twice */
    int64_t keys, depth;
    bool value;  /* the next node of the top mapping is a value ... */
    enum key of; /* ... of this key */
};

bool er_language_tag(const char *text)
{
    int length = 0;
    bool first = true;
    for (; *text; text++) {
        const bool letter = (*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z');
        if (*text == '-' && length > 0) {
            length = 0;
            first = false;
        } else if ((letter || (!first && *text >= '0' && *text <= '9')) && length < 8) {
            length++;
        } else {
            return false;
        }
    }
    return length > 0;
}

bool er_robots_rules(const char *text)
{
    bool letter = false;
    if (strlen(text) > ER_ROBOTS_MAX_BYTES) return false;
    for (; *text; text++) {
        const bool is = (*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z');
        if (!is && !strchr(", -", *text)) return false;
        letter = letter || is;
    }
    return letter;
}

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

static enum key key_number(const char *text)
{
    static const char *const key[] = {[TITLE] = "title",
                                      [DESCRIPTION] = "description",
                                      [TYPE] = "type",
                                      [LANG] = "lang",
                                      [ROBOTS] = "robots"};
    for (int i = OTHER + 1; i < (int)(sizeof key / sizeof *key); i++)
        if (strcmp(text, key[i]) == 0) return (enum key)i;
    return OTHER;
}

static enum er_status take_key(struct reader *r, const yaml_event_t *event, const char *text)
{
    for (int64_t i = 0; i < r->keys; i++)
        if (strcmp(r->key[i], text) == 0) return refuse(r, &event->start_mark, "a key is given twice");
    if (strcmp(text, "<<") == 0) return refuse(r, &event->start_mark, "merge keys are not allowed");
    r->key[r->keys] = er_strdup(text);
    if (!r->key[r->keys]) return ER_E_NOMEM;
    r->keys++; /* fewer than the block has bytes, for which there is room */
    r->of = key_number(text);
    r->value = true;
    return ER_OK;
}

static enum er_status take_value(struct reader *r, const char *text)
{
    struct er_front_matter *out = r->out;
    if (r->of == TYPE && strcmp(text, "slide") == 0) out->view = ER_NOTE_SLIDES;
    if (r->of == TYPE && strcmp(text, "book") == 0) out->view = ER_NOTE_BOOK;
    char **copy = NULL;
    if (r->of == TITLE) copy = &out->title;
    if (r->of == DESCRIPTION) copy = &out->description;
    if (r->of == LANG && er_language_tag(text)) copy = &out->lang;
    if (r->of == ROBOTS && er_robots_rules(text)) copy = &out->robots;
    return !copy || (*copy = er_strdup(text)) ? ER_OK : ER_E_NOMEM;
}

static enum er_status take_scalar(struct reader *r, const yaml_event_t *event)
{
    const char *text = (const char *)event->data.scalar.value;
    if (strlen(text) != event->data.scalar.length) return refuse(r, &event->start_mark, "a NUL in a text");
    if (r->depth == 0) return refuse(r, &event->start_mark, "not a mapping: \"key: value\" on each line");
    if (r->depth > 1) return ER_OK;
    if (!r->value) return take_key(r, event, text);
    r->value = false;
    const bool plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    return plain && other_type(text) ? ER_OK : take_value(r, text);
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

enum { OPENING = 4 }; /* bytes of the first line */

/* Finds the block, text[OPENING..*end); false when the text has none. */
static bool find(const char *text, size_t n, struct er_front_matter *out, size_t *block_end, int64_t *lines)
{
    if (n < OPENING || memcmp(text, "---\n", OPENING) != 0) return false;
    *lines = 0;
    for (size_t at = OPENING; at < n; (*lines)++) {
        const char *end = memchr(text + at, '\n', n - at);
        size_t length = end ? (size_t)(end - text) - at : n - at;
        if (length == 3 && (memcmp(text + at, "---", 3) == 0 || memcmp(text + at, "...", 3) == 0)) {
            *block_end = at;
            out->body = end ? at + 4 : n;
            return true;
        }
        at += length + 1;
    }
    return false;
}

static void forget(struct er_front_matter *front)
{
    er_free(front->title);
    er_free(front->description);
    er_free(front->lang);
    er_free(front->robots);
    front->title = front->description = front->lang = front->robots = NULL;
    front->view = ER_NOTE_DOCUMENT;
}

void er_front_matter_clear(struct er_front_matter *front)
{
    forget(front);
    *front = (struct er_front_matter){0};
}

enum er_status er_front_matter_read(const char *text, size_t n, const char *file, struct er_front_matter *out,
                                    struct er_error *err)
{
    struct er_front_matter found = {0};
    int64_t lines = 0;
    size_t end;
    if (!find(text, n, &found, &end, &lines)) {
        *out = found;
        return ER_OK;
    }
    const size_t bytes = end - OPENING;
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
    yaml_parser_set_input_string(&parser, (const unsigned char *)text + OPENING, bytes);
    status = parse(&r, &parser);
    yaml_parser_delete(&parser);
    for (int64_t i = 0; i < r.keys; i++) er_free(r.key[i]);
    er_free(r.key);
    if (status != ER_OK || found.error.code != ER_OK) forget(&found);
    if (status != ER_OK)
        return er_fail(err, status, "out of memory while reading the front matter of %s", file);
    *out = found;
    return ER_OK;
}
