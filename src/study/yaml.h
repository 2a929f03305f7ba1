/* yaml.h - the YAML of a study as a tree: texts, lists and maps, each with its place in the author's file.
 *
 * Only what a study needs: one document, no anchors, aliases, tags, merge keys or directives, no key twice.
 * Types are the schema's business: 12, "12" and true are texts here.
 */
#ifndef ERMINE_STUDY_YAML_H
#define ERMINE_STUDY_YAML_H

#include <ermine/memory.h>
#include <ermine/study.h>

enum { ER_YAML_MAX_NODES = 100000, ER_YAML_MAX_KEYS = 200 /* of one map */ };

enum er_node_kind { ER_NODE_TEXT, ER_NODE_LIST, ER_NODE_MAP };

struct er_node {
    enum er_node_kind kind;
    const char *text;     /* of a text: valid UTF-8 without control characters but tab and line feed */
    bool plain;           /* a text written without quotes */
    bool verbatim;        /* a text of which character i stands i columns behind the first, `begin` */
    int64_t line, column; /* in the author's file, from 1; columns count characters */
    int64_t begin;        /* of a text: the column of its first character, behind a quotation mark */
    const char *key;      /* in a map: the name of this member, and its place */
    int64_t key_line, key_column;
    struct er_node *child, *next; /* first member of a list or map; next member of the same */
    int64_t n;                    /* members */
};

/* Reads `n` bytes; the tree lives in `arena`. ER_E_INPUT and ER_E_LIMIT with place, ER_E_NOMEM. */
enum er_status er_yaml_read(const char *yaml, size_t n, const struct er_study_origin *origin,
                            struct er_arena *arena, struct er_node **root, struct er_error *err);

/* "a text", "a list", "a map". */
const char *er_node_kind_text(const struct er_node *node);

/* `text` cut to about 60 bytes at the end of a character, with "..." where something is missing: for
 * messages. */
enum { ER_SHORT_TEXT = 72 };
const char *er_short_text(const char *text, char out[ER_SHORT_TEXT]);

#endif
