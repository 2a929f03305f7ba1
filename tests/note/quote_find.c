/* Where quoted values are found in Markdown, and where not; their keys and places. */
#include "t.h"

#include "note/quote.h"
#include "note/utf8.h"

#include <ermine/note.h>

/* The keys of a text, each with its place and a bar behind it: "1:5 s: a|"; "!" before one that is cut up. */
static char *found(const char *text)
{
    static char out[4096];
    struct er_error err = {0};
    struct er_quotes quotes = {0};
    int n = 0;
    out[0] = '\0';
    T_STATUS(er_quotes_find(text, 0, strlen(text), "n.md", &quotes, &err), ER_OK, "%.40s", text);
    for (int64_t i = 0; i < quotes.n; i++)
        n += snprintf(out + n, sizeof out - (size_t)n, "%s%" PRId64 ":%" PRId64 " %s|",
                      quotes.quote[i].problem ? "!" : "", quotes.quote[i].line, quotes.quote[i].column,
                      quotes.quote[i].key);
    er_quotes_clear(&quotes);
    return out;
}

static void constructs(void)
{
    static const char *const text[][2] = {
        /* prose of every kind */
        {"{{s: a}}", "1:1 s: a|"},
        {"a {{s: a}} b {{ s:  b }}.\n", "1:3 s: a|1:14 s: b|"},
        {"# {{s: a}}\n\n{{s: b}}\n---\n", "1:3 s: a|3:1 s: b|"},
        {"* {{s: a}}\n  * x\n\n    {{s: b}}\n", "1:3 s: a|4:5 s: b|"},
        {"> {{s: a\n> where b = 1}}\n", "1:3 s: a where b = 1|"},
        {"> > {{s: a\n> > where b = 1}}\n", "1:5 s: a where b = 1|"},
        {"1. > {{s: a\n   > where b = 1}}\n", "1:6 s: a where b = 1|"},
        {"| a | b |\n|:--|--:|\n| {{s: a}} | x {{s: b}} |\n", "3:3 s: a|3:16 s: b|"},
        {"| a |\n|-|\n| {{s: a}} |\n", "3:3 s: a|"},
        {"- [ ] {{s: a}}\n", "1:7 s: a|"},
        {"**{{s: a}}** *{{s: b}}* ~~{{s: c}}~~", "1:3 s: a|1:15 s: b|1:27 s: c|"},
        {"[{{s: a}}](b) [{{s: b}}][c]\n\n[c]: d\n", "1:2 s: a|1:16 s: b|"},
        {"<b>{{s: a}}</b>", "1:4 s: a|"},
        {"<div>\n\n{{s: a}}\n\n</div>\n", "3:1 s: a|"},
        {"\xc3\xa9\xe2\x82\xac {{s: a}}", "1:4 s: a|"},
        {"a\\\n{{s: a}}  \n{{s: b}}", "2:1 s: a|3:1 s: b|"},
        {"{{s: a}}{{s: b}}", "1:1 s: a|1:9 s: b|"},
        {"$5 {{s: a}} and $10", "1:4 s: a|"},
        {"x $ {{s: a}} $ y", "1:5 s: a|"},
        /* what Markdown knows within the braces */
        {"{{s: a_b where c_d = 1}} and _e_", "1:1 s: a_b where c_d = 1|"},
        {"{{s: a where b <c and d> 3}} <i>x</i>", "1:1 s: a where b <c and d> 3|"},
        {"{{s: a*b}} {{s: c*d}} {{s: ~e~}}", "1:1 s: a*b|1:12 s: c*d|1:23 s: ~e~|"},
        {"{{s: a where b = \"x&amp;y\"}}", "1:1 s: a where b = \"x&amp;y\"|"},
        {"{{s: a where u = http://b.c/d}}", "1:1 s: a where u = http://b.c/d|"},
        {"{{s: a\nwhere b\t= 1\n  and c=2}}", "1:1 s: a where b = 1 and c=2|"},
        {"{{s:\xc2\xa0 a}}", "1:1 s: a|"},
        {"x {{s: $a$}}", "!1:3 s:|"},
        {"x {{s: `a`}}", "!1:3 s:|"},
        {"x {{s: [a](b)}}", "!1:3 s: a|"},
        {"{{s: a\\}}", "!1:1 s: a|"},
        /* no values */
        {"`{{s: a}}` ``{{s: b}}`` `x {{s: c` y}}", ""},
        {"```\n{{s: a}}\n```\n\n    {{s: b}}\n\n~~~ermine\n{{s: c}}\n~~~\n", ""},
        {"``` {{s: a}}\n```\n", ""},
        {"$x {{s: a}} y$ and $$ {{s: b}} $$\n\n$$\n{{s: c}}\n$$\n", ""},
        {"<div>\n{{s: a}}\n</div>\n\n<!-- {{s: b}} -->\n\n<b title=\"{{s: c}}\">x</b>", ""},
        {"[a]({{s:a}}) [a](<{{s: b}}>) ![x {{s: c}}](d \"{{s: d}}\") <http://x/{{s:e}}>", ""},
        {"[a]: {{s:a}}\n", ""},
        {"\\{{s: a}} {\\{s: a}} {{s: b}", ""},
        {"{{}} {{ }} {{\n}} {s: a} {{s: a} } { {s: a}}", ""},
        {"{{s: a\n\nb}} {{s: {c}}", ""},
        {"* {{s: a\n* b}}\n\n# {{s: a\nb}}\n", ""},
        /* braces beside braces, backslashes before them */
        {"{{{s: a}}} {{{{s: b}}}}", "1:2 s: a|1:14 s: b|"},
        {"\\\\{{s: a}} \\{{{s: b}}", "1:3 s: a|1:14 s: b|"},
        {"{{s: a {{s: b}}", "1:8 s: b|"},
        {"{{s: a} }} {{s: b}}", "1:12 s: b|"},
        {"`{{ a` {{s: b}} `}}`", "1:8 s: b|"},
    };
    for (size_t i = 0; i < sizeof text / sizeof *text; i++)
        T_EQ_STR(found(text[i][0]), text[i][1], "%s", text[i][0]);
}

/* Places of what is wrong inside. */
static void places(void)
{
    static const char text[] = "---\nx: 1\n---\n> \xc3\xa9 {{s: a\n> wh\xc3\xa9re  b\n>   c}}";
    static const struct {
        const char *at;
        int64_t line, column;
    } place[] = {{"s:", 4, 7}, {"a", 4, 10}, {"wh", 5, 3}, {"b", 5, 10}, {"c", 6, 5}};
    struct er_error err = {0};
    struct er_quotes quotes = {0};
    T_STATUS(er_quotes_find(text, 13, strlen(text), "n.md", &quotes, &err), ER_OK, "with front matter");
    T_EQ_INT(quotes.n, 1, "one value");
    if (quotes.n != 1) return;
    for (size_t i = 0; i < sizeof place / sizeof *place; i++) {
        const char *at = strstr(quotes.quote[0].text, place[i].at);
        T_STATUS(er_quote_fail(&quotes.quote[0], (size_t)(at - quotes.quote[0].text), &err, "x"), ER_E_INPUT,
                 "fail");
        T_EQ_INT(err.line, place[i].line, "line of %s", place[i].at);
        T_EQ_INT(err.column, place[i].column, "column of %s", place[i].at);
        T_EQ_STR(err.file, "n.md", "file");
    }
    er_quotes_clear(&quotes);
}

static char *repeat(const char *text, int64_t times, size_t *n)
{
    const int64_t length = (int64_t)strlen(text);
    char *out = er_alloc(times * length + 1, 1);
    for (int64_t i = 0; out && i < times * length; i++) out[i] = text[i % length];
    *n = (size_t)(times * length);
    return out;
}

static void limits(void)
{
    struct er_error err = {0};
    struct er_quotes quotes = {0};
    size_t n;
    char *text = repeat("{{s: a}}\n", ER_NOTE_MAX_QUOTES + 1, &n);
    T_STATUS(er_quotes_find(text, 0, n, "n.md", &quotes, &err), ER_E_LIMIT, "too many");
    T_EQ_INT(err.line, ER_NOTE_MAX_QUOTES + 1, "where");
    T_STATUS(er_quotes_find(text, 9, n, "n.md", &quotes, &err), ER_OK, "as many as there may be");
    T_EQ_INT(quotes.n, ER_NOTE_MAX_QUOTES, "all of them");
    er_quotes_clear(&quotes);
    er_free(text);
    /* linear in what a note can hold: each takes well under a second */
    static const char *const hostile[] = {"{{",  "{{a",   "{",    "\\{{", "{{a}}}",
                                          "{{`", "{{ `a", "{{ $", "}}",   "{{a\n"};
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        text = repeat(hostile[i], (1 << 18) / (int64_t)strlen(hostile[i]), &n);
        const enum er_status status = er_quotes_find(text, 0, n, "n.md", &quotes, &err);
        T_OK(status == ER_OK || status == ER_E_LIMIT, "%s, again and again", hostile[i]);
        if (status == ER_OK) er_quotes_clear(&quotes);
        er_free(text);
    }
}

static enum er_status find(struct er_quotes *quotes)
{
    static const char text[] =
        "# {{s: a}}\n\n$5 {{s: b}} $6 and {{s: c\nwhere d}}\n\n"
        "{{a}}{{b}}{{c}}{{d}}{{e}}{{f}}{{g}}{{h}}{{i}}{{j}}{{k}}{{l}}{{m}}{{n}}{{o}}{{p}}";
    return er_quotes_find(text, 0, strlen(text), "n.md", quotes, NULL);
}

int main(void)
{
    constructs();
    places();
    limits();
    struct er_quotes quotes = {0};
    T_ALLOCATIONS(find(&quotes), er_quotes_clear(&quotes), "finding survives every failed allocation");
    return t_done();
}
