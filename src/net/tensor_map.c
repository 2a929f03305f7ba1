/* tensor_map.c - which tensor of a file is which parameter, told line by line. */
#include "data/shown.h"
#include "net/tensor_group.h"
#include "net/tensor_names.h"

#include <ermine/memory.h>
#include <string.h>

struct word {
    const char *at;
    size_t n;
};

/* The map under way; from[i] is -1 until tensor i is mapped, to[j] its inverse. */
struct map {
    const struct er_tensor *want, *have;
    int64_t n_want, n_have;
    int64_t *from, *to;
    const char *file;
    int64_t line;
    const char *start; /* of the line */
};

static enum er_status fail_word(const struct map *m, struct word w, enum er_status code, const char *what,
                                struct er_error *err)
{
    char shown[ER_SHOWN];
    return er_fail_at(err, code, m->file, m->line, w.at - m->start + 1, "\"%s\" %s",
                      er_text_shown(w.at, w.n, shown), what);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* The next word of the line, without any when it is at its end or at a remark. */
static struct word take_word(const char **at)
{
    while (is_blank(**at)) ++*at;
    struct word w = {*at, 0};
    if (**at == '#') *at += strcspn(*at, "\n");
    if (*w.at == '#') return w;
    while (**at && **at != '\n' && !is_blank(**at)) ++*at;
    w.n = (size_t)(*at - w.at);
    return w;
}

/* The name is the word, or the word, a dot and the role. */
static bool is_named(const char *name, struct word w, const char *role)
{
    if (strncmp(name, w.at, w.n) != 0) return false;
    return role ? name[w.n] == '.' && strcmp(name + w.n + 1, role) == 0 : name[w.n] == '\0';
}

static int64_t find(const struct er_tensor *tensor, int64_t n, struct word w, const char *role)
{
    for (int64_t i = 0; i < n; i++)
        if (is_named(tensor[i].name, w, role)) return i;
    return -1;
}

static enum er_status map_tensor(struct map *m, int64_t i, struct word ours, struct word theirs,
                                 const char *role, struct er_error *err)
{
    char shown[ER_SHOWN], a[ER_SHAPE_TEXT], b[ER_SHAPE_TEXT];
    const struct er_tensor *w = &m->want[i];
    const int64_t j = find(m->have, m->n_have, theirs, role);
    if (j < 0 && role)
        return er_fail_at(err, ER_E_NOT_FOUND, m->file, m->line, theirs.at - m->start + 1,
                          "the file has no %s of \"%s\"", role, er_text_shown(theirs.at, theirs.n, shown));
    if (j < 0) return fail_word(m, theirs, ER_E_NOT_FOUND, "is no tensor of the file", err);
    if (m->from[i] >= 0) return fail_word(m, ours, ER_E_INPUT, "is mapped a second time", err);
    if (m->to[j] >= 0) return fail_word(m, theirs, ER_E_INPUT, "is taken a second time", err);
    const struct er_tensor *h = &m->have[j];
    if (!er_tensor_same_shape(w, h))
        return er_fail_at(err, ER_E_SHAPE, m->file, m->line, theirs.at - m->start + 1,
                          "%s of the network has shape %s, \"%s\" of the file has %s", w->name,
                          er_tensor_shape_text(w->rank, w->dim, a),
                          er_text_shown(h->name, strlen(h->name), shown),
                          er_tensor_shape_text(h->rank, h->dim, b));
    m->from[i] = j;
    m->to[j] = i;
    return ER_OK;
}

/* One tensor, or all of a layer. */
static enum er_status map_words(struct map *m, struct word ours, struct word theirs, struct er_error *err)
{
    bool layer = false;
    const int64_t i = find(m->want, m->n_want, ours, NULL);
    if (i >= 0) return map_tensor(m, i, ours, theirs, NULL, err);
    for (int64_t k = 0; k < m->n_want; k++) {
        const char *role = er_tensor_role(m->want[k].name);
        if (!is_named(m->want[k].name, ours, role)) continue;
        layer = true;
        enum er_status status = map_tensor(m, k, ours, theirs, role, err);
        if (status != ER_OK) return status;
    }
    return layer ? ER_OK : fail_word(m, ours, ER_E_NOT_FOUND, "is no layer or tensor of the network", err);
}

static enum er_status map_line(struct map *m, const char **at, struct er_error *err)
{
    const struct word ours = take_word(at), theirs = take_word(at), more = take_word(at);
    if (ours.n == 0) return ER_OK;
    if (theirs.n == 0) return fail_word(m, ours, ER_E_INPUT, "has no name of the file beside it", err);
    if (more.n > 0) return fail_word(m, more, ER_E_INPUT, "is a third name in its line", err);
    return map_words(m, ours, theirs, err);
}

static enum er_status map_lines(struct map *m, const char *text, struct er_error *err)
{
    for (int64_t i = 0; i < m->n_want; i++) m->from[i] = -1;
    for (int64_t j = 0; j < m->n_have; j++) m->to[j] = -1;
    for (const char *at = text; *at; at += *at == '\n') {
        m->line++;
        m->start = at;
        enum er_status status = map_line(m, &at, err);
        if (status != ER_OK) return status;
    }
    for (int64_t i = 0; i < m->n_want; i++)
        if (m->from[i] < 0)
            return er_fail_at(err, ER_E_INPUT, m->file, 0, 0, "the map of names has no line for %s",
                              m->want[i].name);
    return ER_OK;
}

enum er_status er_tensor_names_map(const char *text, const char *file, const struct er_tensor *want,
                                   int64_t n_want, const struct er_tensor *have, int64_t n_have,
                                   int64_t *from, struct er_error *err)
{
    struct map m = {.want = want, .have = have, .n_want = n_want, .n_have = n_have, .file = file};
    m.from = er_alloc(n_want, sizeof *m.from);
    m.to = er_alloc(n_have, sizeof *m.to);
    if (!m.from || !m.to) {
        er_free(m.from);
        er_free(m.to);
        return er_fail(err, ER_E_NOMEM, "names of tensors: out of memory");
    }
    const enum er_status status = map_lines(&m, text, err);
    for (int64_t i = 0; i < n_want && status == ER_OK; i++) from[i] = m.from[i];
    er_free(m.from);
    er_free(m.to);
    return status;
}
