/* yaml.c - libyaml's events made into a tree, by recursive descent within fixed limits. */
#include "study/yaml.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>

struct reader {
    yaml_parser_t parser;
    yaml_event_t event; /* the current one; deleted before the next is taken */
    const char *yaml;
    size_t lines;
    const struct er_study_origin *origin;
    struct er_arena *arena;
    int64_t nodes;
    struct er_error *err;
};

struct place {
    int64_t line, column;
};

static struct place place_at(const struct reader *r, size_t line, size_t column)
{
    const struct er_study_origin *origin = r->origin;
    int64_t first = 1;
    if (origin->column && (int64_t)line < origin->n_column) first = origin->column[line];
    return (struct place){origin->line + (int64_t)line, first + (int64_t)column};
}

static struct place place_of(const struct reader *r, yaml_mark_t mark)
{
    return place_at(r, mark.line, mark.column);
}

/* Where byte `offset` is: libyaml's reader knows no lines. */
static struct place place_of_byte(const struct reader *r, size_t offset)
{
    size_t line = 0, column = 0;
    for (size_t i = 0; i < offset; i++) {
        const unsigned char c = (unsigned char)r->yaml[i];
        if (c == '\n') {
            line++;
            column = 0;
        } else if ((c & 0xc0) != 0x80) {
            column++;
        }
    }
    return place_at(r, line, column);
}

static enum er_status fail(const struct reader *r, struct place at, const char *what)
{
    er_fail_at(r->err, ER_E_INPUT, r->origin->file, at.line, at.column, "%s", what);
    return ER_E_INPUT;
}

static enum er_status no_memory(const struct reader *r)
{
    er_fail(r->err, ER_E_NOMEM, "study: out of memory");
    return ER_E_NOMEM;
}

/* What libyaml found wrong, in a sentence with our place. */
static enum er_status parser_error(const struct reader *r)
{
    const yaml_parser_t *p = &r->parser;
    const char *problem = p->problem ? p->problem : "it cannot be read";
    if (p->error == YAML_MEMORY_ERROR) return no_memory(r);
    if (p->error == YAML_READER_ERROR) {
        const struct place at = place_of_byte(r, p->problem_offset);
        return er_fail_at(r->err, ER_E_INPUT, r->origin->file, at.line, at.column, "not YAML: %s", problem);
    }
    const struct place at = place_of(r, p->problem_mark);
    if (!p->context)
        return er_fail_at(r->err, ER_E_INPUT, r->origin->file, at.line, at.column, "not YAML: %s", problem);
    const struct place from = place_of(r, p->context_mark);
    if (p->problem_mark.line >= r->lines) /* at the end: what is left open is the place to look at */
        return er_fail_at(r->err, ER_E_INPUT, r->origin->file, from.line, from.column,
                          "not YAML: %s, %s that begins here", problem, p->context);
    return er_fail_at(r->err, ER_E_INPUT, r->origin->file, at.line, at.column,
                      "not YAML: %s, %s that begins at line %" PRId64 ", column %" PRId64, problem,
                      p->context, from.line, from.column);
}

static enum er_status advance(struct reader *r)
{
    yaml_event_delete(&r->event);
    return yaml_parser_parse(&r->parser, &r->event) ? ER_OK : parser_error(r);
}

/* Tags and anchors are refused on whatever carries them. */
static enum er_status check_properties(const struct reader *r, const yaml_char_t *anchor,
                                       const yaml_char_t *tag)
{
    const struct place at = place_of(r, r->event.start_mark);
    if (anchor) return fail(r, at, "anchors (&name) are not taken; write the value where it is used");
    if (tag) return fail(r, at, "tags (!name) are not taken; the schema knows the type of every key");
    return ER_OK;
}

/* Control characters come in by escapes ("\e"), and would go out to terminals and pages. */
static bool is_clean(const unsigned char *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const unsigned char c = text[i];
        if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f) return false;
        if (c == 0xc2 && text[i + 1] >= 0x80 && text[i + 1] <= 0x9f) return false; /* U+0080..U+009F */
    }
    return true;
}

static enum er_status new_node(struct reader *r, enum er_node_kind kind, struct er_node **out)
{
    const struct place at = place_of(r, r->event.start_mark);
    if (++r->nodes > ER_YAML_MAX_NODES) {
        er_fail_at(r->err, ER_E_LIMIT, r->origin->file, at.line, at.column,
                   "more than %d values in one study", ER_YAML_MAX_NODES);
        return ER_E_LIMIT;
    }
    struct er_node *node = er_arena_alloc(r->arena, 1, sizeof *node);
    if (!node) return no_memory(r);
    node->kind = kind;
    node->line = at.line;
    node->column = at.column;
    *out = node;
    return ER_OK;
}

/* Whether the characters of a text follow each other in the file: no escape, no fold, no block. */
static bool is_verbatim(const yaml_event_t *event)
{
    const size_t quotes = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE ? 0 : 2;
    size_t characters = 0;
    for (size_t i = 0; i < event->data.scalar.length; i++)
        characters += (event->data.scalar.value[i] & 0xc0) != 0x80;
    return event->start_mark.line == event->end_mark.line &&
           event->end_mark.column - event->start_mark.column == characters + quotes;
}

static enum er_status read_text(struct reader *r, struct er_node **out)
{
    const unsigned char *value = r->event.data.scalar.value;
    const size_t length = r->event.data.scalar.length;
    enum er_status status = check_properties(r, r->event.data.scalar.anchor, r->event.data.scalar.tag);
    if (status != ER_OK) return status;
    if (!is_clean(value, length))
        return fail(r, place_of(r, r->event.start_mark), "a text with a control character in it");
    status = new_node(r, ER_NODE_TEXT, out);
    if (status != ER_OK) return status;
    (*out)->plain = r->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    (*out)->verbatim = is_verbatim(&r->event);
    (*out)->begin = (*out)->column + ((*out)->verbatim && !(*out)->plain);
    (*out)->text = er_arena_strndup(r->arena, (const char *)value, length);
    return (*out)->text ? ER_OK : no_memory(r);
}

static enum er_status read_node(struct reader *r, int depth, struct er_node **out);

static enum er_status read_list(struct reader *r, int depth, struct er_node *list)
{
    struct er_node **end = &list->child;
    for (;;) {
        enum er_status status = advance(r);
        if (status != ER_OK) return status;
        if (r->event.type == YAML_SEQUENCE_END_EVENT) return ER_OK;
        status = read_node(r, depth + 1, end);
        if (status != ER_OK) return status;
        end = &(*end)->next;
        list->n++;
    }
}

static enum er_status check_key(const struct reader *r, const struct er_node *map, const struct er_node *key)
{
    char name[ER_SHORT_TEXT];
    const struct place at = {key->line, key->column};
    if (strcmp(key->text, "<<") == 0)
        return fail(r, at, "merge keys (<<) are not taken; write the keys where they are used");
    if (map->n >= ER_YAML_MAX_KEYS)
        return er_fail_at(r->err, ER_E_LIMIT, r->origin->file, at.line, at.column,
                          "more than %d keys in one map", ER_YAML_MAX_KEYS);
    for (const struct er_node *other = map->child; other; other = other->next)
        if (strcmp(other->key, key->text) == 0)
            return er_fail_at(r->err, ER_E_INPUT, r->origin->file, at.line, at.column,
                              "%s: this key is given twice, first in line %" PRId64,
                              er_short_text(key->text, name), other->key_line);
    return ER_OK;
}

static enum er_status read_map(struct reader *r, int depth, struct er_node *map)
{
    struct er_node **end = &map->child;
    for (;;) {
        struct er_node *key = NULL, *value = NULL;
        enum er_status status = advance(r);
        if (status != ER_OK) return status;
        if (r->event.type == YAML_MAPPING_END_EVENT) return ER_OK;
        if (r->event.type != YAML_SCALAR_EVENT && r->event.type != YAML_ALIAS_EVENT)
            return fail(r, place_of(r, r->event.start_mark), "a key must be a word, not a list or a map");
        status = read_node(r, depth + 1, &key);
        if (status == ER_OK) status = check_key(r, map, key);
        if (status == ER_OK) status = advance(r);
        if (status == ER_OK) status = read_node(r, depth + 1, &value);
        if (status != ER_OK) return status;
        value->key = key->text;
        value->key_line = key->line;
        value->key_column = key->column;
        *end = value;
        end = &value->next;
        map->n++;
    }
}

/* The node that begins with the current event; leaves the last event of that node current. */
static enum er_status read_node(struct reader *r, int depth, struct er_node **out)
{
    const struct place at = place_of(r, r->event.start_mark);
    enum er_status status = ER_OK;
    if (depth > ER_STUDY_MAX_DEPTH && r->event.type != YAML_SCALAR_EVENT) {
        er_fail_at(r->err, ER_E_LIMIT, r->origin->file, at.line, at.column,
                   "lists and maps nested more than %d deep", ER_STUDY_MAX_DEPTH);
        return ER_E_LIMIT;
    }
    switch (r->event.type) {
    case YAML_SCALAR_EVENT:
        return read_text(r, out);
    case YAML_SEQUENCE_START_EVENT:
        status = check_properties(r, r->event.data.sequence_start.anchor, r->event.data.sequence_start.tag);
        if (status == ER_OK) status = new_node(r, ER_NODE_LIST, out);
        return status == ER_OK ? read_list(r, depth, *out) : status;
    case YAML_MAPPING_START_EVENT:
        status = check_properties(r, r->event.data.mapping_start.anchor, r->event.data.mapping_start.tag);
        if (status == ER_OK) status = new_node(r, ER_NODE_MAP, out);
        return status == ER_OK ? read_map(r, depth, *out) : status;
    case YAML_ALIAS_EVENT:
        return fail(r, at, "aliases (*name) are not taken; write the value where it is used");
    default:
        return fail(r, at, "not YAML: a value is missing here");
    }
}

/* Stream start, document start, the root, document end, stream end. */
static enum er_status read_stream(struct reader *r, struct er_node **root)
{
    enum er_status status = advance(r);
    if (status == ER_OK) status = advance(r);
    if (status != ER_OK) return status;
    struct place at = place_of(r, r->event.start_mark);
    if (r->event.type == YAML_STREAM_END_EVENT) return fail(r, place_at(r, 0, 0), "the study is empty");
    if (r->event.data.document_start.version_directive ||
        r->event.data.document_start.tag_directives.start != r->event.data.document_start.tag_directives.end)
        return fail(r, at, "directives (%YAML, %TAG) are not taken");
    status = advance(r);
    if (status == ER_OK) status = read_node(r, 1, root);
    if (status == ER_OK) status = advance(r); /* the document's end */
    if (status == ER_OK) status = advance(r);
    if (status != ER_OK || r->event.type == YAML_STREAM_END_EVENT) return status;
    return fail(r, place_of(r, r->event.start_mark), "a second document; a study is one");
}

enum er_status er_yaml_read(const char *yaml, size_t n, const struct er_study_origin *origin,
                            struct er_arena *arena, struct er_node **root, struct er_error *err)
{
    struct reader r = {.yaml = yaml, .origin = origin, .arena = arena, .err = err};
    if (n > ER_STUDY_MAX_BYTES)
        return er_fail_at(err, ER_E_LIMIT, origin->file, origin->line, 1,
                          "the study has %zu bytes; at most %d are read", n, ER_STUDY_MAX_BYTES);
    r.lines = n > 0 && yaml[n - 1] != '\n';
    for (size_t i = 0; i < n; i++) r.lines += yaml[i] == '\n';
    if (!yaml_parser_initialize(&r.parser)) return no_memory(&r);
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)yaml, n);
    enum er_status status = read_stream(&r, root);
    yaml_event_delete(&r.event);
    yaml_parser_delete(&r.parser);
    return status;
}

const char *er_node_kind_text(const struct er_node *node)
{
    static const char *const text[] = {"a text", "a list", "a map"};
    return text[node->kind];
}

const char *er_short_text(const char *text, char out[ER_SHORT_TEXT])
{
    enum { MOST = 60 };
    size_t n = strnlen(text, MOST + 1);
    const bool cut = n > MOST;
    if (cut) n = MOST;
    while (cut && n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80) n--;
    snprintf(out, ER_SHORT_TEXT, "%.*s%s", (int)n, text, cut ? "..." : "");
    for (char *c = out; *c; c++)
        if (*c == '\n' || *c == '\t') *c = ' ';
    return out;
}
