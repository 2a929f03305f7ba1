/* What each construct becomes; studies found where Markdown says they are, with the place of every line. */
#include "t.h"

#include "core/buffer.h"
#include "note/front_matter.h"
#include "note/prose.h"
#include "note/utf8.h"

static void render(const char *text, struct er_prose *out)
{
    struct er_error err = {0};
    struct er_ids *ids = NULL;
    T_STATUS(er_ids_new(&ids, &err), ER_OK, "ids");
    T_STATUS(er_prose_render(text, 0, strlen(text), "note.md", ids, out, &err), ER_OK, "%.40s", text);
    er_ids_free(ids);
}

static void becomes(const char *text, const char *html)
{
    struct er_prose prose = {0};
    render(text, &prose);
    T_EQ_STR(prose.html, html, "%.60s", text);
    er_prose_clear(&prose);
}

static void constructs(void)
{
    becomes("# A *first* & `b`\n\n## A\n# A\n",
            "<h1 id=\"a-first--b\">A <em>first</em> &amp; <code>b</code></h1>\n"
            "<h2 id=\"a\">A</h2>\n<h1 id=\"a-1\">A</h1>\n");
    becomes("## Why? (Really) ##\n## Why? (Really)\n## 生成 & test_1 É\n## ?\n## A&amp;b\n",
            "<h2 id=\"why-really\">Why? (Really)</h2>\n<h2 id=\"why-really-1\">Why? (Really)</h2>\n"
            "<h2 id=\"生成--test_1-é\">生成 &amp; test_1 É</h2>\n<h2 id=\"section\">?</h2>\n<h2 "
            "id=\"ab\">A&amp;b</h2>\n");
    becomes("# a-1\n# a\n# a\n# a\n", "<h1 id=\"a-1\">a-1</h1>\n<h1 id=\"a\">a</h1>\n<h1 id=\"a-2\">a</h1>\n"
                                      "<h1 id=\"a-3\">a</h1>\n");
    becomes("a\nb  \nc\n", "<p>a\nb<br>\nc</p>\n");
    becomes("57. foo\n1. bar\n\n***\n", "<ol start=\"57\">\n<li>foo</li>\n<li>bar</li>\n</ol>\n<hr>\n");
    becomes("~~gone~~ H~2~O ~**x**~",
            "<p><del>gone</del> H<sub>2</sub>O <del><strong>x</strong></del></p>\n");
    becomes("- [ ] a\n- [X] b\n- [] c\n",
            "<ul>\n<li class=\"task-list-item\"><input class=\"task-list-item-checkbox\" disabled=\"\" "
            "type=\"checkbox\"> "
            "a</li>\n<li class=\"task-list-item\"><input class=\"task-list-item-checkbox\" checked=\"\" "
            "disabled=\"\" "
            "type=\"checkbox\"> b</li>\n<li>[] c</li>\n</ul>\n");
    becomes("| A | B |\n|:--|--:|\n| `a\\|b` | 2 |\n| 3 |\n",
            "<div class=\"scroll\"><table>\n<thead>\n<tr>\n<th align=\"left\">A</th>\n<th "
            "align=\"right\">B</th>\n</tr>\n"
            "</thead>\n<tbody>\n<tr>\n<td align=\"left\"><code>a|b</code></td>\n<td "
            "align=\"right\">2</td>\n</tr>\n<tr>\n"
            "<td align=\"left\">3</td>\n<td align=\"right\"></td>\n</tr>\n</tbody>\n</table></div>\n");
    becomes("```js=3!\na < b\n\n c\n```\n",
            "<pre><code class=\"language-js\">a &lt; b\n\n c\n</code></pre>\n");
    becomes("&copy; &#x3c; &nosuch; \\*not\\*", "<p>&copy; &#x3c; &nosuch; *not*</p>\n");
}

/* One hyphen a cell makes a table; what only looks like one comes back as it was. */
static void delimiters(void)
{
    static const char head[] = "<div class=\"scroll\"><table>\n<thead>\n<tr>\n", body[] = "</tr>\n</thead>\n";
    char want[512];
    snprintf(want, sizeof want, "%s<th>a</th>\n<th align=\"right\">b</th>\n%s%s", head, body,
             "<tbody>\n<tr>\n<td>1</td>\n<td "
             "align=\"right\">2</td>\n</tr>\n</tbody>\n</table></div>\n<p>$-|</p>\n");
    becomes("| a | b |\n|-|-:|\n| 1 | 2 |\n\n\\$-|\n", want);
    becomes("a | b\n--|-:\n1 | 2\n\n$-|\n", want);
    snprintf(want, sizeof want,
             "<blockquote>\n%s<th align=\"center\">a</th>\n%s</table></div>\n</blockquote>\n", head,
             "</tr>\n</thead>\n");
    becomes("> | a |\n> |:-:|\n", want);
    becomes("a | b\n|-|\n", "<p>a | b\n|-|</p>\n");
    becomes("a\n-\n", "<h2 id=\"a\">a</h2>\n");
    becomes("```\n| a | b |\n|-|-|\n| c |\n```\n`|-|`\n",
            "<pre><code>| a | b |\n|-|-|\n| c |\n</code></pre>\n<p><code>|-|</code></p>\n");
    becomes("    a | b\n    -|-\n", "<pre><code>a | b\n-|-\n</code></pre>\n");
    becomes("<div>\na | b\n-|-\n</div>\n",
            "<pre><code class=\"language-html\">&lt;div&gt;\na | b\n-|-\n&lt;/div&gt;\n</code></pre>\n");
    struct er_prose prose = {0};
    render("a | b\n-|-\n1 | 2\n\n```ermine\nx: 1\na | b\n-|-\n  y\n```\n", &prose);
    T_EQ_INT(prose.blocks, 1, "a study below a table");
    if (prose.blocks == 1) {
        T_EQ_STR(prose.block[0].text, "x: 1\na | b\n-|-\n  y\n", "is as written");
        T_EQ_INT(prose.block[0].line, 6, "in its line");
    }
    er_prose_clear(&prose);
}

static void links(void)
{
    becomes("[a](javascript:alert(1)) ![b](data:text/html,x) [c](https://ok.example/)",
            "<p>[a](javascript:alert(1)) ![b](data:text/html,x) <a href=\"https://ok.example/\" "
            "rel=\"noopener noreferrer "
            "nofollow\">c</a></p>\n");
    becomes("[a](java&#115;cript:x) [b](JaVaScRiPt&#58;x) [c](//host/x) [d](vbscript&colon;x) "
            "[e](<java\tscript:x>)",
            "<p>[a](javascript:x) [b](JaVaScRiPt:x) [c](//host/x) <a href=\"vbscript&amp;colon;x\">d</a> "
            "<a href=\"java%09script:x\">e</a></p>\n");
    becomes(
        "[a](#x) [b](../y.html?q=1&r=\"2\" 'T\"<') <mailto:a@b.c> me@b.org https://b.org/x?y=1, www.b.org",
        "<p><a href=\"#x\">a</a> <a href=\"../y.html?q=1&amp;r=%222%22\" title=\"T&quot;&lt;\">b</a> "
        "<a href=\"mailto:a@b.c\">mailto:a@b.c</a> <a href=\"mailto:me@b.org\">me@b.org</a> <a "
        "href=\"https://b.org/x?y=1\" "
        "rel=\"noopener noreferrer nofollow\">https://b.org/x?y=1</a>, www.b.org</p>\n");
    becomes(
        "![a *b* [c](d)](/i.png \"t\") ![x](data:image/png;base64,AA) ![y](data:image/svg+xml,AA)",
        "<p><img src=\"/i.png\" title=\"t\" alt=\"a b c\"> <img src=\"data:image/png;base64,AA\" alt=\"x\"> "
        "![y](data:image/svg+xml,AA)</p>\n");
    becomes("<b onclick=x>hi</b> <script>alert(1)</script>",
            "<p>&lt;b onclick=x&gt;hi&lt;/b&gt; &lt;script&gt;alert(1)&lt;/script&gt;</p>\n");
    becomes(
        "<script>\nalert(1)\n</script>\n\n<!-- gone -->\nafter\n",
        "<pre><code "
        "class=\"language-html\">&lt;script&gt;\nalert(1)\n&lt;/script&gt;\n</code></pre>\n<p>after</p>\n");
}

static void formulas(void)
{
    becomes("$L^aT_eX$ costs $5 or $10, \\$3; $a_b_c$ and $x \\$ y$ `$no$`",
            "<p><span class=\"math inline\">L^aT_eX</span> costs $5 or $10, $3; <span class=\"math "
            "inline\">a_b_c</span> and "
            "<span class=\"math inline\">x \\$ y</span> <code>$no$</code></p>\n");
    becomes("text\n$$\na\n=\n- b < c\n\n+ <? ?> d\n$$\n$$E = mc^2$$\n",
            "<p>text</p>\n<div class=\"math display\">a\n=\n- b &lt; c\n\n+ &lt;? ?&gt; d</div>\n"
            "<div class=\"math display\">E = mc^2</div>\n");
    becomes("> - a\n>\n>   $$\n>   x\n>   $$\n",
            "<blockquote>\n<ul>\n<li><p>a</p>\n<div class=\"math display\">x</div>\n</li>\n"
            "</ul>\n</blockquote>\n");
    becomes("so $$x$$ is *$$y$$* and\n",
            "<p>so </p>\n<div class=\"math display\">x</div>\n<p> is <em><span class=\"math "
            "display\">y</span></em> and</p>\n");
    becomes("```\n$$\na\n$$\n```\n$$\nopen\n\n```\n$$\n```\n",
            "<pre><code>$$\na\n$$\n</code></pre>\n<p>$$\nopen</p>\n<pre><code>$$\n</code></pre>\n");
}

static void study_is(const struct er_block *block, const char *text, int64_t line, int64_t column0,
                     int64_t column1)
{
    T_EQ_STR(block->text, text, "the block's text");
    T_EQ_INT(block->line, line, "its first line");
    if (block->lines > 0) T_EQ_INT(block->column[0], column0, "the first line's column");
    if (block->lines > 1) T_EQ_INT(block->column[1], column1, "the second line's column");
}

static void studies(void)
{
    struct er_prose prose = {0};
    render("a\n\n```ermine\nstudy: a\n  b: 1\n```\n\n- item\n\n  ~~~ ermine extra\n  study: b\n\n    c: 1\n  "
           "~~~\n\n"
           "> 1. é\n>    ````ermine\n>    ```\n>    x\n>    ````\n",
           &prose);
    T_EQ_INT(prose.blocks, 3, "three studies");
    study_is(&prose.block[0], "study: a\n  b: 1\n", 4, 1, 1);
    study_is(&prose.block[1], "study: b\n\n  c: 1\n", 11, 3, 1);
    T_EQ_INT(prose.block[1].column[2], 3, "a line of a list's study begins where its text does");
    study_is(&prose.block[2], "```\nx\n", 18, 6, 6);
    T_OK(prose.block[0].html < prose.block[1].html && prose.block[2].html < prose.length,
         "their places rise");
    er_prose_clear(&prose);

    render("````\n```ermine\nno: 1\n```\n````\n\n    ```ermine\n    no: 2\n    ```\n\n<!--\n```ermine\nno: "
           "3\n```\n-->\n\n"
           "```ermines\nno: 4\n```\n\n```{ermine}\n```\n`ermine`\n\n```ermine\n\n\ny: "
           "1\n```\n\n```ermine\n```\n",
           &prose);
    T_EQ_INT(prose.blocks, 2, "a longer fence, indented code, a comment and other words hold no study");
    study_is(&prose.block[0], "\n\ny: 1\n", 26, 1, 1);
    study_is(&prose.block[1], "", 32, 0, 0);
    er_prose_clear(&prose);

    render("$$\n```ermine\ny: 1\n```\n$$\n", &prose);
    T_EQ_INT(prose.blocks, 1, "a formula that is not closed before a fence does not swallow a study");
    er_prose_clear(&prose);
}

static char *repeat(const char *head, const char *unit, int64_t times, const char *tail)
{
    struct er_buffer text = {0};
    char *out = NULL;
    er_buffer_text(&text, head);
    for (int64_t i = 0; i < times; i++) er_buffer_text(&text, unit);
    er_buffer_text(&text, tail);
    er_buffer_take(&text, &out, NULL);
    return out;
}

/* Long hostile inputs: each ends, within the test's time limit, in HTML or in an error that says why. */
static void hostile(void)
{
    static const char *const unit[] = {"[",    "*a_ ",   "`",     "$",    "{|", ":::",  "[^",  "$$ x\n",
                                       "$$\n", "[name=", "![",    "<",    "|a", "[a](", "#\n", "~",
                                       "a@",   "\\",     "```\n", "<!--", "<?", "- \n"};
    for (size_t i = 0; i < sizeof unit / sizeof *unit; i++) {
        struct er_prose prose = {0};
        char *text = repeat("", unit[i], 10000, "");
        render(text, &prose);
        er_prose_clear(&prose);
        er_free(text);
    }
    static const char *const deep[] = {"> ", "- ", "1. ", ">"};
    for (size_t i = 0; i < sizeof deep / sizeof *deep; i++) {
        struct er_prose prose = {0};
        struct er_error err = {0};
        struct er_ids *ids = NULL;
        T_STATUS(er_ids_new(&ids, &err), ER_OK, "ids");
        char *text = repeat("a\n\n", deep[i], ER_PROSE_MAX_DEPTH + 1, "");
        T_STATUS(er_prose_render(text, 0, strlen(text), "n.md", ids, &prose, &err), ER_E_LIMIT,
                 "too deep: %s", deep[i]);
        T_EQ_INT(err.line, 3, "the line of what is too deep");
        er_free(text);
        text = repeat("", deep[i], ER_PROSE_MAX_DEPTH, "");
        T_STATUS(er_prose_render(text, 0, strlen(text), "n.md", ids, &prose, &err), ER_OK,
                 "just deep enough");
        er_prose_clear(&prose);
        er_ids_free(ids);
        er_free(text);
    }
    struct er_prose prose = {0};
    struct er_error err = {0};
    struct er_ids *ids = NULL;
    T_STATUS(er_ids_new(&ids, &err), ER_OK, "ids");
    char *link = repeat("[a]: ", "b", 20000, "\n\n"), *text = repeat(link, "[a] ", 20000, "");
    T_STATUS(er_prose_render(text, 0, strlen(text), "n.md", ids, &prose, &err), ER_E_LIMIT,
             "100 kB that would become 400 MB");
    er_free(text);
    er_free(link);
    er_ids_free(ids);
}

static void texts(void)
{
    struct er_error err = {0};
    char *out = NULL;
    size_t n;
    T_STATUS(er_text_normalise("\xef\xbb\xbf"
                               "a\r\nb\rc\n\0d",
                               12, "n.md", &out, &n, &err),
             ER_OK, "a text");
    T_EQ_STR(out,
             "a\nb\nc\n\xef\xbf\xbd"
             "d",
             "BOM dropped, line ends made one, NUL replaced");
    er_free(out);
    static const struct {
        const char *text;
        int64_t line, column;
    } bad[] = {{"a\né\xff", 2, 2},
               {"\xc0\x80", 1, 1},
               {"a\r\xed\xa0\x80", 2, 1},
               {"\xf4\x90\x80\x80", 1, 1},
               {"ab\xe2\x82", 1, 3}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        T_STATUS(er_text_normalise(bad[i].text, strlen(bad[i].text), "n.md", &out, &n, &err), ER_E_INPUT,
                 "bad %zu", i);
        T_EQ_INT(err.line, bad[i].line, "line of bad %zu", i);
        T_EQ_INT(err.column, bad[i].column, "column of bad %zu", i);
    }
    for (uint32_t c = 1; c <= 0x10ffff; c += c < 0x3000 ? 1 : 997) {
        if (c >= 0xd800 && c <= 0xdfff) continue;
        char utf8[4];
        uint32_t back = 0;
        size_t length = er_utf8_put(c, utf8);
        if (er_utf8_next(utf8, length, &back) != length || back != c) T_OK(false, "U+%04X", (unsigned)c);
    }
}

static void head(const char *text, const char *title, int64_t error_line, const char *body)
{
    struct er_error err = {0};
    struct er_front_matter front = {0};
    T_STATUS(er_front_matter_read(text, strlen(text), "n.md", &front, &err), ER_OK, "%.30s", text);
    T_EQ_STR(front.title ? front.title : "(none)", title, "title of %.30s", text);
    T_EQ_INT(front.error.line, error_line, "%.30s: %s", text, front.error.msg);
    T_EQ_STR(text + front.body, body, "body of %.30s", text);
    er_free(front.title);
}

static void front_matter(void)
{
    head("---\ntitle: A \"b\"\ntags: [a, {b: c}]\n---\nx\n", "A \"b\"", 0, "x\n");
    head("---\ntitle: 3\n...\n", "3", 0, "");
    head("---\ntitle: \"true\"\n---", "true", 0, "");
    head("---\ntitle: true\n---\n", "(none)", 0, "");
    head("---\ntitle: [a]\n---\n", "(none)", 0, "");
    head("---\n---\nx", "(none)", 0, "x");
    head("--- \ntitle: a\n---\n", "(none)", 0, "--- \ntitle: a\n---\n");
    head("---\ntitle: a\n", "(none)", 0, "---\ntitle: a\n");
    head("\n---\ntitle: a\n---\n", "(none)", 0, "\n---\ntitle: a\n---\n");
    head("---\ntitle: Lecture 3: nets\n---\nx", "(none)", 2, "x");
    head("---\ntitle: a\nb: &x c\n---\n", "(none)", 3, "");
    head("---\ntitle: a\nb: !x c\n---\n", "(none)", 3, "");
    head("---\ntitle: a\n\ntitle: b\n---\n", "(none)", 4, "");
    head("---\na: [[[[1]]]]\n---\n", "(none)", 2, "");
    head("---\n- a\n---\n", "(none)", 2, "");
    head("---\n<<: {a: b}\n---\n", "(none)", 2, "");
    char *text = repeat("---\n", "#\n", ER_FRONT_MATTER_MAX_LINES, "---\n");
    head(text, "(none)", 0, "");
    er_free(text);
    text = repeat("---\n", "#\n", ER_FRONT_MATTER_MAX_LINES + 1, "---\n");
    head(text, "(none)", 1, "");
    er_free(text);
    text = repeat("---\n#", "#", ER_FRONT_MATTER_MAX_BYTES, "\n---\n");
    head(text, "(none)", 1, "");
    er_free(text);
}

static enum er_status make(struct er_prose *prose)
{
    static const char text[] = "# *a*\n\n$x$ $$y$$ [a](b \"c\")\n\n$$\nz\n$$\n\n```ermine\na\n```\n\n<div>\n";
    struct er_ids *ids;
    enum er_status status = er_ids_new(&ids, NULL);
    if (status != ER_OK) return status;
    status = er_prose_render(text, 0, strlen(text), "n.md", ids, prose, NULL);
    er_ids_free(ids);
    return status;
}

int main(void)
{
    constructs();
    delimiters();
    links();
    formulas();
    studies();
    hostile();
    texts();
    front_matter();
    struct er_prose prose;
    T_ALLOCATIONS(make(&prose), er_prose_clear(&prose), "prose survives every failed allocation");
    return t_done();
}
