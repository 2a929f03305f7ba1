/* model_text.c - model text by recursive descent over the grammar of <ermine/model.h>. */
#include "net/model_text.h"

#include <string.h>

struct cut {
    struct er_arena *arena;
    const char *at, *end;
    const char *start; /* column 1 */
    int depth;
};

static enum er_status cut_layers(struct cut *c, const struct er_model_layer **layer, int64_t *n,
                                 struct er_error *err);

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static int64_t column_of(const struct cut *c, const char *p)
{
    return p - c->start + 1;
}

static void skip_blanks(struct cut *c)
{
    while (c->at < c->end && is_blank(*c->at)) c->at++;
}

static bool next_is(const struct cut *c, char what)
{
    return c->at < c->end && *c->at == what;
}

static enum er_status no_memory(struct er_error *err)
{
    return er_fail(err, ER_E_NOMEM, "model: out of memory");
}

/* The next run of characters up to a blank or a mark of the grammar. */
static size_t token(const struct cut *c)
{
    const char *p = c->at;
    while (p < c->end && !is_blank(*p) && !strchr(",[]:", *p)) p++;
    return (size_t)(p - c->at);
}

static enum er_status cut_word(struct cut *c, size_t length, struct er_model_word *word, struct er_error *err)
{
    char *copy = er_arena_strndup(c->arena, c->at, length);
    if (!copy) return no_memory(err);
    word->line = 1;
    word->column = column_of(c, c->at);
    char *equals = strchr(copy, '=');
    if (equals) {
        *equals = '\0';
        word->key = copy;
        copy = equals + 1;
    }
    word->value = copy;
    c->at += length;
    return ER_OK;
}

static enum er_status cut_words(struct cut *c, struct er_model_layer *layer, struct er_error *err)
{
    int64_t most = 0; /* no more than blanks to come */
    for (const char *p = c->at; p < c->end && !strchr(",[]:", *p); p++) most += is_blank(*p);
    struct er_model_word *word = er_arena_alloc(c->arena, most, sizeof *word);
    if (!word) return no_memory(err);
    layer->word = word;
    skip_blanks(c);
    for (size_t length; (length = token(c)) > 0; skip_blanks(c)) {
        enum er_status status = cut_word(c, length, &word[layer->n_words++], err);
        if (status != ER_OK) return status;
    }
    return ER_OK;
}

/* The next array of a list that grows by doubling within the arena. */
static void *grow(struct cut *c, const void *old, int64_t n, int64_t *room, size_t size)
{
    if (n < *room) return (void *)old;
    *room = *room ? 2 * *room : 4;
    void *grown = er_arena_alloc(c->arena, *room, size);
    if (grown && n) memcpy(grown, old, (size_t)n * size);
    return grown;
}

static enum er_status expect(struct cut *c, char mark, const char *what, struct er_error *err)
{
    skip_blanks(c);
    if (!next_is(c, mark))
        return er_fail_at(err, ER_E_INPUT, NULL, 1, column_of(c, c->at), "model: %s", what);
    c->at++;
    return ER_OK;
}

static enum er_status cut_layer(struct cut *c, struct er_model_layer *layer, struct er_error *err);

/* list | layer */
static enum er_status cut_branch(struct cut *c, struct er_model_branch *branch, struct er_error *err)
{
    skip_blanks(c);
    if (next_is(c, '[')) {
        c->at++;
        enum er_status status = cut_layers(c, &branch->layer, &branch->n, err);
        return status == ER_OK ? expect(c, ']', "the closing bracket of a branch is missing", err) : status;
    }
    struct er_model_layer *layer = er_arena_alloc(c->arena, 1, sizeof *layer);
    if (!layer) return no_memory(err);
    branch->layer = layer;
    branch->n = 1;
    return cut_layer(c, layer, err);
}

/* Behind the colon of a join. */
static enum er_status cut_branches(struct cut *c, struct er_model_layer *layer, struct er_error *err)
{
    if (++c->depth > ER_MODEL_MAX_DEPTH)
        return er_fail_at(err, ER_E_LIMIT, NULL, 1, column_of(c, c->at),
                          "model: branches within branches, more than %d deep", ER_MODEL_MAX_DEPTH);
    enum er_status status = expect(c, '[', "behind the colon its branches are expected, in brackets", err);
    if (status != ER_OK) return status;
    int64_t room = 0;
    struct er_model_branch *branch = NULL;
    do {
        branch = grow(c, branch, layer->n_branches, &room, sizeof *branch);
        if (!branch) return no_memory(err);
        status = cut_branch(c, &branch[layer->n_branches++], err);
        if (status != ER_OK) return status;
        skip_blanks(c);
    } while (next_is(c, ',') && c->at++);
    layer->branch = branch;
    c->depth--;
    return expect(c, ']', "the bracket that closes the branches is missing", err);
}

static enum er_status cut_layer(struct cut *c, struct er_model_layer *layer, struct er_error *err)
{
    skip_blanks(c);
    const size_t length = token(c);
    if (length == 0)
        return er_fail_at(err, ER_E_INPUT, NULL, 1, column_of(c, c->at),
                          "model: a layer's name is missing here");
    layer->line = 1;
    layer->column = column_of(c, c->at);
    layer->name = er_arena_strndup(c->arena, c->at, length);
    if (!layer->name) return no_memory(err);
    c->at += length;
    enum er_status status = cut_words(c, layer, err);
    if (status != ER_OK || !next_is(c, ':')) return status;
    c->at++;
    return cut_branches(c, layer, err);
}

/* layer { "," layer } */
static enum er_status cut_layers(struct cut *c, const struct er_model_layer **layer, int64_t *n,
                                 struct er_error *err)
{
    struct er_model_layer *list = NULL;
    int64_t room = 0;
    *n = 0;
    do {
        list = grow(c, list, *n, &room, sizeof *list);
        if (!list) return no_memory(err);
        enum er_status status = cut_layer(c, &list[(*n)++], err);
        if (status != ER_OK) return status;
        skip_blanks(c);
    } while (next_is(c, ',') && c->at++);
    *layer = list;
    return ER_OK;
}

enum er_status er_model_cut(struct er_arena *arena, const char *text, const struct er_model_layer **layer,
                            int64_t *n, struct er_error *err)
{
    const size_t length = strnlen(text, ER_MODEL_TEXT_MOST);
    if (length >= ER_MODEL_TEXT_MOST)
        return er_fail(err, ER_E_LIMIT, "model: its text is longer than %d bytes", ER_MODEL_TEXT_MOST - 1);
    struct cut c = {.arena = arena, .at = text, .start = text, .end = text + length};
    skip_blanks(&c);
    const bool open = next_is(&c, '[');
    if (open) c.at++;
    enum er_status status = cut_layers(&c, layer, n, err);
    if (status != ER_OK) return status;
    if (open) status = expect(&c, ']', "the closing bracket is missing", err);
    if (status != ER_OK) return status;
    skip_blanks(&c);
    if (c.at == c.end) return ER_OK;
    if (*c.at == ']')
        return er_fail_at(err, ER_E_INPUT, NULL, 1, open ? column_of(&c, c.at) : 1,
                          open ? "model: a closing bracket too many"
                               : "model: the opening bracket is missing");
    return er_fail_at(err, ER_E_INPUT, NULL, 1, column_of(&c, c.at), "model: '%c' is not expected here",
                      *c.at);
}

enum er_status er_model_parse(const char *text, struct er_model **out, struct er_error *err)
{
    struct er_arena *arena;
    const struct er_model_layer *layer = NULL;
    int64_t n = 0;
    enum er_status status = er_arena_new((size_t)ER_MODEL_TEXT_MOST * 256, &arena, err);
    if (status != ER_OK) return status;
    status = er_model_cut(arena, text, &layer, &n, err);
    if (status == ER_OK) status = er_model_new(layer, n, out, err);
    er_arena_free(arena);
    return status;
}
