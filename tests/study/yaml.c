/* The YAML that is taken and the YAML that is not: places, limits, what could harm. */
#include "study/yaml.h"
#include "core/buffer.h"
#include "t.h"

static const struct {
    const char *yaml, *error;
} bad[] = {
    {"", "s.yaml:10:3: the study is empty"},
    {"# nothing\n", "s.yaml:10:3: the study is empty"},
    {"a: &x 1", "s.yaml:10:6: anchors (&name) are not taken; write the value where it is used"},
    {"a: *x", "s.yaml:10:6: aliases (*name) are not taken; write the value where it is used"},
    {"*x : 1", "s.yaml:10:3: aliases (*name) are not taken; write the value where it is used"},
    {"a: !!int 1", "s.yaml:10:6: tags (!name) are not taken; the schema knows the type of every key"},
    {"a: !x [1]", "s.yaml:10:6: tags (!name) are not taken; the schema knows the type of every key"},
    {"a: &x {b: 1}", "s.yaml:10:6: anchors (&name) are not taken; write the value where it is used"},
    {"a: 1\n<<: {b: 1}", "s.yaml:11:5: merge keys (<<) are not taken; write the keys where they are used"},
    {"a: 1\nb: 2\na: 3", "s.yaml:12:7: a: this key is given twice, first in line 10"},
    {"? [a]\n: 1", "s.yaml:10:5: a key must be a word, not a list or a map"},
    {"a: 1\n---\nb: 1", "s.yaml:11:5: a second document; a study is one"},
    {"%YAML 1.1\n---\na: 1", "s.yaml:10:3: directives (%YAML, %TAG) are not taken"},
    {"a: \"\\e[31m\"", "s.yaml:10:6: a text with a control character in it"},
    {"a: \"\\0\"", "s.yaml:10:6: a text with a control character in it"},
    {"a: \"\\N\"", "s.yaml:10:6: a text with a control character in it"},
    {"a: 1\nb: \xff", "s.yaml:11:8: not YAML: invalid leading UTF-8 octet"},
    {"a: \xc3\xa9\xc3\x28", "s.yaml:10:8: not YAML: invalid trailing UTF-8 octet"},
    {"a: \x01", "s.yaml:10:6: not YAML: control characters are not allowed"},
    {"a: [1", "s.yaml:10:6: not YAML: did not find expected ',' or ']', while parsing a flow sequence that "
              "begins here"},
    {"a: [1\n,, ]", "s.yaml:11:6: not YAML: did not find expected node content, while parsing a flow node "
                    "that begins at line 11, "
                    "column 6"},
    {"a: 'b", "s.yaml:10:8: not YAML: found unexpected end of stream, while scanning a quoted scalar that "
              "begins at line "
              "10, column 6"},
    {"a: b: c", "s.yaml:10:7: not YAML: mapping values are not allowed in this context"},
};

/* Line i of the text stands at column 3 + 2 i of the file, the first in line 10. */
static const int64_t column[] = {3, 5, 7};
static const struct er_study_origin origin = {.file = "s.yaml", .line = 10, .column = column, .n_column = 3};

static enum er_status read_text(const char *yaml, size_t n, struct er_error *err)
{
    struct er_arena *arena;
    struct er_node *root;
    enum er_status status = er_arena_new((size_t)1 << 30, &arena, err);
    if (status != ER_OK) return status;
    status = er_yaml_read(yaml, n, &origin, arena, &root, err);
    er_arena_free(arena);
    return status;
}

static void check_refused(void)
{
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct er_error err = {0};
        char text[1024];
        T_OK(read_text(bad[i].yaml, strlen(bad[i].yaml), &err) == ER_E_INPUT, "%s", bad[i].error);
        T_EQ_STR(er_error_text(&err, text, sizeof text), bad[i].error, "%s", bad[i].yaml);
    }
}

/* `count` times `piece` between `start` and `end`. */
static enum er_status read_repeated(const char *start, const char *piece, int64_t count, const char *end,
                                    struct er_error *err)
{
    struct er_buffer text = {0};
    char *yaml;
    er_buffer_text(&text, start);
    for (int64_t i = 0; i < count; i++) er_buffer_text(&text, piece);
    er_buffer_text(&text, end);
    const size_t n = text.length;
    enum er_status status = er_buffer_take(&text, &yaml, err);
    if (status == ER_OK) status = read_text(yaml, n, err);
    er_free(yaml);
    return status;
}

static enum er_status read_keys(int count, struct er_error *err)
{
    struct er_buffer text = {0};
    char *yaml;
    for (int i = 0; i < count; i++) er_buffer_format(&text, "k%d: 1\n", i);
    const size_t n = text.length;
    enum er_status status = er_buffer_take(&text, &yaml, err);
    if (status == ER_OK) status = read_text(yaml, n, err);
    er_free(yaml);
    return status;
}

static void check_limits(void)
{
    struct er_error err;
    T_STATUS(read_repeated("a: ", "[", 31, "1", &err), ER_E_INPUT, "31 lists in a map, left open");
    T_STATUS(read_repeated("a: ", "[", 32, "1", &err), ER_E_LIMIT, "nested 33 deep");
    T_EQ_STR(err.msg, "lists and maps nested more than 32 deep", "in these words");
    T_STATUS(read_repeated("", "- ", 100000, "", &err), ER_E_LIMIT,
             "many dashes: a list in a list in a list ...");
    T_STATUS(read_repeated("a: [", "1,", ER_YAML_MAX_NODES - 3, "]", &err), ER_OK,
             "as many values as are taken");
    T_STATUS(read_repeated("a: [", "1,", ER_YAML_MAX_NODES - 2, "]", &err), ER_E_LIMIT, "and one more");
    T_STATUS(read_repeated("a: '", "1", ER_STUDY_MAX_BYTES - 5, "'", &err), ER_OK,
             "as many bytes as are taken");
    T_STATUS(read_repeated("a: '", "1", ER_STUDY_MAX_BYTES - 4, "'", &err), ER_E_LIMIT, "and one more");
    T_STATUS(read_keys(ER_YAML_MAX_KEYS, &err), ER_OK, "as many keys as are taken");
    T_STATUS(read_keys(ER_YAML_MAX_KEYS + 1, &err), ER_E_LIMIT, "and one more");
}

static void check_tree(void)
{
    static const char yaml[] = "é: [1, \"2\"]\nb:\n  c: x y\n";
    struct er_arena *arena;
    struct er_node *root = NULL;
    struct er_error err;
    T_STATUS(er_arena_new(1 << 20, &arena, &err), ER_OK, "arena");
    T_STATUS(er_yaml_read(yaml, sizeof yaml - 1, &origin, arena, &root, &err), ER_OK, "a small tree");
    if (!root) return;
    const struct er_node *list = root->child, *map = list->next;
    T_OK(root->kind == ER_NODE_MAP && root->n == 2 && !map->next, "two keys");
    T_EQ_STR(list->key, "é", "the first key");
    T_OK(list->kind == ER_NODE_LIST && list->n == 2 && list->line == 10 && list->column == 6,
         "a list; columns count characters, not bytes");
    T_OK(list->child->plain && !list->child->next->plain, "what is quoted is known");
    T_EQ_STR(list->child->next->text, "2", "the second value");
    T_OK(list->child->next->column == 10 && list->child->line == 10, "its place");
    T_OK(map->key_line == 11 && map->key_column == 5, "the second key, in a line that starts further right");
    T_OK(map->child->key_line == 12 && map->child->key_column == 9 && map->child->column == 12,
         "a key in it, and its value");
    T_EQ_STR(map->child->text, "x y", "the value");
    er_arena_free(arena);
}

static void check_short(void)
{
    char out[ER_SHORT_TEXT];
    T_EQ_STR(er_short_text("a\nb", out), "a b", "a text of one line");
    T_EQ_STR(er_short_text("0123456789012345678901234567890123456789012345678901234567890", out),
             "012345678901234567890123456789012345678901234567890123456789...", "a long one is cut");
    T_EQ_STR(er_short_text("01234567890123456789012345678901234567890123456789012345678éx", out),
             "01234567890123456789012345678901234567890123456789012345678...", "between characters");
}

int main(void)
{
    check_refused();
    check_limits();
    check_tree();
    check_short();
    return t_done();
}
