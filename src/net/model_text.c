/* model_text.c - `[dense 512 init=glorot, relu, dense]` cut into layers and words.
 *
 *     model = [ "[" ] layer { "," layer } [ "]" ]     layer = name { blank word }     word = value | key "="
 * value
 */
#include <ermine/memory.h>
#include <ermine/model.h>
#include <string.h>

enum { MAX_TEXT = 1 << 16 };

struct cut {
    struct er_arena *arena;
    const char *text, *end; /* what is left between the brackets */
    const char *start;      /* column 1 */
    struct er_model_layer *layer;
    int64_t n;
};

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
    while (c->text < c->end && is_blank(*c->text)) c->text++;
}

/* The next run of characters up to a blank or a comma. */
static size_t token(const struct cut *c)
{
    const char *p = c->text;
    while (p < c->end && !is_blank(*p) && *p != ',') p++;
    return (size_t)(p - c->text);
}

static enum er_status cut_layer(struct cut *c, struct er_error *err)
{
    skip_blanks(c);
    struct er_model_layer *layer = &c->layer[c->n++];
    size_t length = token(c);
    if (length == 0)
        return er_fail_at(err, ER_E_INPUT, NULL, 1, column_of(c, c->text),
                          "model: a layer's name is missing here");
    layer->line = 1;
    layer->column = column_of(c, c->text);
    layer->name = er_arena_strndup(c->arena, c->text, length);
    c->text += length;
    int64_t most = 0; /* words: no more than blanks to come */
    for (const char *p = c->text; p < c->end && *p != ','; p++) most += is_blank(*p);
    struct er_model_word *word = er_arena_alloc(c->arena, most, sizeof *word);
    if (!layer->name || !word) return er_fail(err, ER_E_NOMEM, "model: out of memory");
    layer->word = word;
    for (skip_blanks(c); (length = token(c)) > 0; skip_blanks(c), word++) {
        word->line = 1;
        word->column = column_of(c, c->text);
        char *copy = er_arena_strndup(c->arena, c->text, length);
        if (!copy) return er_fail(err, ER_E_NOMEM, "model: out of memory");
        char *equals = strchr(copy, '=');
        if (equals) {
            *equals = '\0';
            word->key = copy;
            copy = equals + 1;
        }
        word->value = copy;
        layer->n_words++;
        c->text += length;
    }
    return ER_OK;
}

enum er_status er_model_parse(const char *text, struct er_model **out, struct er_error *err)
{
    const size_t length = strnlen(text, MAX_TEXT);
    if (length >= MAX_TEXT)
        return er_fail(err, ER_E_LIMIT, "model: its text is longer than %d bytes", MAX_TEXT - 1);
    struct cut c = {.text = text, .start = text, .end = text + length};
    enum er_status status = er_arena_new((size_t)MAX_TEXT * 64, &c.arena, err);
    if (status != ER_OK) return status;
    skip_blanks(&c);
    while (c.end > c.text && is_blank(c.end[-1])) c.end--;
    const bool open = c.text<c.end && * c.text == '[', closed = c.end> c.text && c.end[-1] == ']';
    if (open != closed) {
        status = er_fail_at(err, ER_E_INPUT, NULL, 1, column_of(&c, open ? c.end : c.text),
                            "model: the %s bracket is missing", open ? "closing" : "opening");
        goto done;
    }
    if (open) {
        c.text++;
        c.end--;
    }
    int64_t most = 1;
    for (const char *p = c.text; p < c.end; p++) most += *p == ',';
    c.layer = er_arena_alloc(c.arena, most, sizeof *c.layer);
    if (!c.layer) {
        status = er_fail(err, ER_E_NOMEM, "model: out of memory");
        goto done;
    }
    for (;;) {
        status = cut_layer(&c, err);
        if (status != ER_OK) goto done;
        if (c.text >= c.end) break;
        c.text++; /* the comma */
    }
    status = er_model_new(c.layer, c.n, out, err);
done:
    er_arena_free(c.arena);
    return status;
}
