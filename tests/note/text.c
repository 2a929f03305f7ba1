/* The text model of a note: UTF-8, one kind of line end, no NUL. */
#include "t.h"

#include "note/utf8.h"

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

static void cleaned(void)
{
    char text[] = "a\xff\xc3\xa9\xe2\x82";
    er_utf8_clean(text);
    T_EQ_STR(text, "a?\xc3\xa9??", "bytes that are not UTF-8 become question marks");
}

static enum er_status make(char **text)
{
    size_t n;
    return er_text_normalise("a\r\n", 3, "n.md", text, &n, NULL);
}

int main(void)
{
    texts();
    cleaned();
    char *text = NULL;
    T_ALLOCATIONS(make(&text), er_free(text), "a text survives every failed allocation");
    return t_done();
}
