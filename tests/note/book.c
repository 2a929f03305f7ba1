/* Books: which addresses are chapters, the contents, neighbours, search and addresses that a page is told of. */
#include "t.h"

#include "core/buffer.h"
#include "note/book_data.h"
#include "note/chapter_path.h"
#include "support/small_note.h"

#include <ermine/book.h>

/* --- addresses */

static void paths(void)
{
    static const struct {
        const char *address;
        enum er_address what;
        const char *path;
    } of[] = {
        {"a.md", ER_ADDRESS_CHAPTER, "a.md"},
        {"./a/b.md#part", ER_ADDRESS_CHAPTER, "a/b.md"},
        {"a/./x/../b.md", ER_ADDRESS_CHAPTER, "a/b.md"},
        {"a//b.md", ER_ADDRESS_CHAPTER, "a/b.md"},
        {"my%20chapter%C3%A9.md", ER_ADDRESS_CHAPTER, "my chapteré.md"},
        {"100%.md", ER_ADDRESS_CHAPTER, "100%.md"},
        {"a:b.md", ER_ADDRESS_REFUSED, ""},
        {"1:b.md", ER_ADDRESS_CHAPTER, "1:b.md"},
        {"../a.md", ER_ADDRESS_OUTSIDE, NULL},
        {"a/../../b.md", ER_ADDRESS_OUTSIDE, NULL},
        {"%2e%2e/a.md", ER_ADDRESS_OUTSIDE, NULL},
        {"a%2F..%2f..%2fb.md", ER_ADDRESS_OUTSIDE, NULL},
        {"/a.md", ER_ADDRESS_BESIDE, ""},
        {"%2Fa.md", ER_ADDRESS_BESIDE, ""},
        {"a.md?x", ER_ADDRESS_BESIDE, ""},
        {"a%00.md", ER_ADDRESS_BESIDE, ""},
        {"a%0a.md", ER_ADDRESS_BESIDE, ""},
        {"a%ff.md", ER_ADDRESS_BESIDE, ""},
        {"a.MD", ER_ADDRESS_BESIDE, ""},
        {".md", ER_ADDRESS_BESIDE, ""},
        {"a.html", ER_ADDRESS_BESIDE, ""},
        {"", ER_ADDRESS_BESIDE, ""},
        {"#a.md", ER_ADDRESS_BESIDE, ""},
        {"//host/a.md", ER_ADDRESS_REFUSED, ""},
        {"\\/host/a.md", ER_ADDRESS_REFUSED, ""},
        {"http://a.b/c.md", ER_ADDRESS_ELSEWHERE, ""},
        {"HTTPS://a.b/c.md", ER_ADDRESS_ELSEWHERE, ""},
        {"mailto:a@b.md", ER_ADDRESS_ELSEWHERE, ""},
        {"javascript:x.md", ER_ADDRESS_REFUSED, ""},
        {"java\tscript:x.md", ER_ADDRESS_REFUSED, ""},
        {"file:///a.md", ER_ADDRESS_REFUSED, ""},
    };
    for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
        struct er_buffer path = {0};
        T_EQ_INT(er_chapter_path(of[i].address, &path), of[i].what, "%s", of[i].address);
        if (of[i].path) T_EQ_STR(path.data ? path.data : "", of[i].path, "the path of %s", of[i].address);
        er_buffer_clear(&path);
    }
}

static void addresses(void)
{
    static const char *const of[][3] = {
        {"a.md", "b.md", "b.md"},
        {"a.md", "x/b.md", "x/b.md"},
        {"x/a.md", "b.md", "../b.md"},
        {"x/a.md", "x/b.md", "b.md"},
        {"x/y/a.md", "x/z/b.md", "../z/b.md"},
        {"xy/a.md", "xz/b.md", "../xz/b.md"},
        {"a.md", "two words é 50%.md", "two%20words%20%C3%A9%2050%25.md"},
    };
    for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
        struct er_buffer address = {0};
        er_chapter_address(of[i][0], of[i][1], &address);
        T_EQ_STR(address.data, of[i][2], "from %s to %s", of[i][0], of[i][1]);
        er_buffer_clear(&address);
    }
}

/* --- books */

static struct er_book *book_of(const char *text, const char *file)
{
    struct er_error err = {0};
    struct er_book *book = NULL;
    struct er_note *note = note_read(text, file);
    T_STATUS(er_book_open(note, &book, &err), ER_OK, "%.40s", text);
    er_note_free(note);
    return book;
}

static void add(struct er_book *book, int64_t i, const char *text)
{
    struct er_error err = {0};
    struct er_note *note = note_read(text, "chapter.md");
    T_STATUS(er_book_add(book, i, note, &err), ER_OK, "chapter %d", (int)i);
    er_note_free(note);
}

/* One member of what a page is told, as JSON with " for '. */
static void told(const struct er_book *book, int64_t page, const char *member, const char *want)
{
    json_t *data = er_book_data(book, page);
    char *text = json_dumps(json_object_get(data, member), JSON_COMPACT | JSON_ENCODE_ANY);
    struct er_buffer wanted = {0};
    for (; *want; want++) er_buffer_char(&wanted, *want == '\'' ? '"' : *want);
    T_EQ_STR(text ? text : "(none)", wanted.data, "%s of page %d", member, (int)page);
    er_buffer_clear(&wanted);
    free(text);
    json_decref(data);
}

/* The example of the syntax reference, section 14, with chapters for its notes. */
static void contents(void)
{
    struct er_book *book = book_of("DeepNN lectures\n===\n\nIntro\n---\n- [Welcome](welcome.md)\n"
                                   "- 10:00 [Lecture 3](deep.md#now) (room 1)\n  - [Exercises](ex3.md)\n"
                                   "- Self study\n\n## Elsewhere\n\n- [Course site](https://example.org) "
                                   "[target=_blank]\n",
                                   "x/book.md");
    int64_t n;
    const struct er_book_chapter *chapter = er_book_chapters(book, &n);
    T_EQ_INT(n, 3, "three chapters");
    T_EQ_STR(chapter[1].path, "deep.md", "the second");
    T_EQ_STR(chapter[1].page, "deep.html", "its page");
    T_EQ_INT(chapter[1].line, 7, "its line");
    add(book, 0, "# Hello\n");
    add(book, 1, "# Depth\n");
    told(book, ER_BOOK_INDEX, "title", "'DeepNN lectures'");
    told(book, ER_BOOK_INDEX, "here", "''");
    told(book, 1, "here", "'deep.html'");
    told(book, 1, "parts",
         "[{'title':'Intro','items':[{'text':'Welcome','href':'welcome.html','open':'pane'},"
         "{'text':'Lecture 3','before':'10:00','after':'(room "
         "1)','href':'deep.html#now','open':'pane','items':["
         "{'text':'Exercises','open':'pane'}]},{'text':'Self study','open':'pane'}]},"
         "{'title':'Elsewhere','items':[{'text':'Course site','href':'https://example.org','open':'tab'}]}]");
    told(book, ER_BOOK_INDEX, "previous", "null");
    told(book, ER_BOOK_INDEX, "next", "{'href':'welcome.html','text':'Welcome'}");
    told(book, 0, "previous", "{'href':'index.html','text':'DeepNN lectures'}");
    told(book, 0, "next", "{'href':'deep.html','text':'Lecture 3'}");
    told(book, 1, "previous", "{'href':'welcome.html','text':'Welcome'}");
    told(book, 1, "next", "null");
    told(book, 1, "links", "{'book.md':'index.html','welcome.md':'welcome.html','deep.md':'deep.html'}");
    told(book, 0, "search",
         "[{'href':'index.html','title':'DeepNN lectures','text':'DeepNN lectures Intro Welcome 10:00 "
         "Lecture 3 (room "
         "1) Exercises Self study Elsewhere Course site [target=_blank]'},"
         "{'href':'welcome.html','title':'Hello','text':'Hello'},{'href':'deep.html','title':'Depth','text':'"
         "Depth'}]");
    er_book_free(book);
}

static void items(void)
{
    static const struct {
        const char *text, *parts;
    } of[] = {
        {"no list\n\n[a](b.md)\n", "[]"},
        {"# T\n\n- a\n", "[{'title':'','items':[{'text':'a','open':'pane'}]}]"},
        {"# T\n# U\n", "[{'title':'U','items':[]}]"},
        {"- **[a *b*](c)** d [e](f)\n\n  more\n",
         "[{'title':'','items':[{'text':'a b','after':'d e more','href':'c','open':'pane'}]}]"},
        {"- [![p](q) x](y) $z$\n",
         "[{'title':'','items':[{'text':'x','after':'z','href':'y','open':'pane'}]}]"},
        {"- ![a [b](c)](d) e [f](g)\n",
         "[{'title':'','items':[{'text':'f','before':'e','href':'g','open':'pane'}]}]"},
        {"- [a](javascript:b) [c](d)\n", "[{'title':'','items':[{'text':'a','after':'c','open':'pane'}]}]"},
        {"- [ref]\n- [ref][]\n\n[ref]: x&amp;y 't'\n",
         "[{'title':'','items':[{'text':'ref','href':'x&y','open':'pane'},{'text':'ref','href':'x&y','open':'"
         "pane'}]}]"},
        {"- [own](book.md#a)\n", "[{'title':'','items':[{'text':'own','href':'index.html','open':'pane'}]}]"},
        {"1. a\n   - b\n     - c\n   - d\n2. e\n",
         "[{'title':'','items':[{'text':'a','open':'pane','items':[{'text':'b','open':'pane','items':["
         "{'text':'c','open':'pane'}]},{'text':'d','open':'pane'}]},{'text':'e','open':'pane'}]}]"},
        {"- ```\n  code\n  ```\n- a\n\n      code\n- # h\n  <b>i</b>\n\n  <div>\n  raw\n  </div>\n",
         "[{'title':'','items':[{'text':'','open':'pane'},{'text':'a','open':'pane'},{'text':'h "
         "i','open':'pane'}]}]"},
    };
    for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
        struct er_book *book = book_of(of[i].text, "book.md");
        told(book, ER_BOOK_INDEX, "parts", of[i].parts);
        er_book_free(book);
    }
}

static void pages(void)
{
    struct er_book *book =
        book_of("- [a](a/b.md)\n- [b](a-b.md)\n- [c](index.md)\n- [d](A-B.md)\n- [e](<é &%23.md>)\n"
                "- [again](./a/../a/b.md)\n- [out](../b.md)\n- [e2](%C3%A9%20&%23.md)\n",
                "book.md");
    static const char *const page[] = {"a-b.html",   "a-b-2.html", "index-2.html",
                                       "A-B-3.html", "é---.html",  NULL};
    int64_t n;
    const struct er_book_chapter *chapter = er_book_chapters(book, &n);
    T_EQ_INT(n, 6, "each once");
    for (int64_t i = 0; i < n && i < 6; i++) {
        T_EQ_STR(chapter[i].page ? chapter[i].page : "(none)", page[i] ? page[i] : "(none)", "page of %s",
                 chapter[i].path);
        T_EQ_INT(chapter[i].outside, page[i] == NULL, "%s", chapter[i].path);
        T_EQ_INT(chapter[i].line, i < 5 ? i + 1 : 7, "line of %s", chapter[i].path);
    }
    add(book, 0, "x\n");
    add(book, 1, "y\n");
    told(book, 0, "links", "{'../book.md':'index.html','b.md':'a-b.html','../a-b.md':'a-b-2.html'}");
    told(book, 1, "links", "{'book.md':'index.html','a/b.md':'a-b.html','a-b.md':'a-b-2.html'}");
    er_book_free(book);
}

/* The text for the search: prose alone, cut between characters, and not without end. */
static void search(void)
{
    struct er_book *book = book_of("- [a](a.md)\n- [b](b.md)\n", "book.md");
    add(book, 0,
        "---\ntitle: T\n---\n# H *h*\n\none\ntwo `c` $x$ ![p](q) &lt; "
        "<b>b</b>\n\n```\ncode\n```\n\n$$\nmath\n$$\n\n"
        "| a | b |\n|---|---|\n| c | d |\n\n- i\n  - j\n\n<div>\nraw\n</div>\n");
    told(book, 0, "search",
         "[{'href':'index.html','title':'book.md','text':'a b'},"
         "{'href':'a.html','title':'T','text':'H h one two c x  < b a b c d i j'}]");
    struct er_buffer long_text = {0};
    er_buffer_char(&long_text, 'x');
    for (int i = 0; i < 150000; i++) er_buffer_text(&long_text, "é");
    add(book, 1, long_text.data);
    T_EQ_INT(strlen(book->text[1].prose), ER_BOOK_MAX_CHAPTER_TEXT - 1,
             "cut before the character that does not fit");
    for (int i = 0; i < 20; i++) add(book, 1, long_text.data);
    T_EQ_INT(book->prose,
             strlen(book->index.prose) + strlen(book->text[0].prose) + strlen(book->text[1].prose),
             "what is told again counts once");
    er_buffer_clear(&long_text);
    er_book_free(book);
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

static void refused(char *text, const char *what, int64_t line)
{
    struct er_error err = {0};
    struct er_book *book = NULL;
    struct er_note *note = note_read(text, "book.md");
    T_STATUS(er_book_open(note, &book, &err), ER_E_LIMIT, "%s", what);
    T_OK(strstr(err.msg, what), "says so: %s", err.msg);
    T_OK(err.line >= line, "at line %d", (int)err.line);
    er_note_free(note);
    er_free(text);
}

static void limits(void)
{
    struct er_buffer many = {0};
    for (int i = 0; i <= ER_BOOK_MAX_CHAPTERS; i++) er_buffer_format(&many, "- [%d](%d.md)\n", i, i);
    char *text;
    er_buffer_take(&many, &text, NULL);
    refused(text, "chapters", ER_BOOK_MAX_CHAPTERS);
    refused(repeat("", "- a\n", ER_BOOK_MAX_ITEMS + 1, ""), "items", ER_BOOK_MAX_ITEMS - 1);
    refused(repeat("", "## a\n", ER_BOOK_MAX_ITEMS + 2, ""), "parts", ER_BOOK_MAX_ITEMS - 1);
    char *link = repeat("[a]: ", "b", 20000, "\n\n");
    refused(repeat(link, "- [a]\n", 1000, ""), "addresses", 3);
    er_free(link);
    struct er_book *book = book_of(text = repeat("", "- [a](b.md)\n", ER_BOOK_MAX_ITEMS, ""), "book.md");
    er_free(text);
    int64_t n;
    er_book_chapters(book, &n);
    T_EQ_INT(n, 1, "as many items of one chapter as there may be");
    er_book_free(book);
}

static void page(void)
{
    struct er_note *note = note_read("---\ntype: book\n---\n- [a &lt;/script>](a.md)\n", "book.md");
    struct er_book *book = NULL;
    struct er_error err = {0};
    T_STATUS(er_book_open(note, &book, &err), ER_OK, "a book");
    const struct er_page_options options = {.book = book, .chapter = ER_BOOK_INDEX}, chapter = {.book = book};
    char *html = note_page_with(note, NULL, &options, ER_OK);
    T_OK(strstr(html, "data-view=\"book\""), "the book's page");
    T_OK(strstr(html, "\"book\":{\"title\":\"book.md\",\"parts\":[{\"title\":\"\",\"items\":[{\"text\":\"a "
                      "\\u003c/script>\""),
         "is told of the book, safely");
    er_free(html);
    struct er_note *slides = note_read("---\ntype: slide\n---\n", "a.md");
    T_STATUS(er_book_add(book, 0, slides, &err), ER_OK, "a chapter");
    html = note_page_with(slides, NULL, &chapter, ER_OK);
    T_OK(strstr(html, "data-view=\"book\"") && strstr(html, "\"here\":\"a.html\""), "a chapter's page");
    er_free(html);
    er_note_free(slides);
    er_book_free(book);
    er_note_free(note);
}

static enum er_status make(const struct er_note *note, struct er_book **book)
{
    enum er_status status = er_book_open(note, book, NULL);
    if (status != ER_OK) return status;
    status = er_book_add(*book, 0, note, NULL);
    if (status != ER_OK) er_book_free(*book);
    return status;
}

int main(void)
{
    paths();
    addresses();
    contents();
    items();
    pages();
    search();
    limits();
    page();
    struct er_note *note =
        note_read("# T\n\n- a [b *c*](d.md) e\n  - [f](book.md) [g](../h.md)\n- [h](../h.md)\n", "book.md");
    struct er_book *book = NULL;
    T_ALLOCATIONS(make(note, &book), er_book_free(book), "a book survives every failed allocation");
    er_note_free(note);
    return t_done();
}
