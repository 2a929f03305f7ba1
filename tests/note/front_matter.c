/* The head of a note: what is metadata, what is said of what is not, and the keys that the program needs. */
#include "t.h"

#include "core/buffer.h"
#include "note/front_matter.h"

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

static void head(const char *text, const char *title, int64_t error_line, const char *body)
{
    struct er_error err = {0};
    struct er_front_matter front = {0};
    T_STATUS(er_front_matter_read(text, strlen(text), "n.md", &front, &err), ER_OK, "%.30s", text);
    T_EQ_STR(front.title ? front.title : "(none)", title, "title of %.30s", text);
    T_EQ_INT(front.error.line, error_line, "%.30s: %s", text, front.error.msg);
    T_EQ_STR(text + front.body, body, "body of %.30s", text);
    er_front_matter_clear(&front);
}

static void blocks(void)
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

static void keys(void)
{
    static const struct {
        const char *head, *lang;
        enum er_note_view view;
    } of[] = {
        {"type: slide\nlang: de\n", "de", ER_NOTE_SLIDES},
        {"type: book\nlang: zh-Hant-TW\n", "zh-Hant-TW", ER_NOTE_BOOK},
        {"type: slides\nlang: no\n", "no", ER_NOTE_DOCUMENT},
        {"type: [slide]\nlang: 3\n", NULL, ER_NOTE_DOCUMENT},
        {"lang: en\" onload=x\n", NULL, ER_NOTE_DOCUMENT},
        {"lang: true\ntype: Slide\n", NULL, ER_NOTE_DOCUMENT},
        {"a: {type: slide, lang: de}\n", NULL, ER_NOTE_DOCUMENT},
        {"type: slide\nlang: de\nx: &y z\n", NULL, ER_NOTE_DOCUMENT},
    };
    for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
        struct er_error err = {0};
        struct er_front_matter front = {0};
        char text[128];
        snprintf(text, sizeof text, "---\n%s---\n", of[i].head);
        T_STATUS(er_front_matter_read(text, strlen(text), "n.md", &front, &err), ER_OK, "%s", text);
        T_EQ_STR(front.lang ? front.lang : "(none)", of[i].lang ? of[i].lang : "(none)", "lang of %s", text);
        T_EQ_INT(front.view, of[i].view, "view of %s", text);
        er_front_matter_clear(&front);
    }
}

/* What the page's head says of the note besides its title. */
static void about(void)
{
    static const struct {
        const char *head, *description, *robots;
    } of[] = {
        {"description: \"a: <b>\"\nrobots: noindex, nofollow\n", "a: <b>", "noindex, nofollow"},
        {"description: 3\nrobots: max-snippet\n", "3", "max-snippet"},
        {"description: [a]\nrobots: [noindex]\n", "(none)", "(none)"},
        {"description: true\nrobots: true\n", "(none)", "(none)"},
        {"robots: \"no\\\"index\"\n", "(none)", "(none)"},
        {"robots: max-snippet=3\n", "(none)", "(none)"},
        {"robots: \", -\"\n", "(none)", "(none)"},
        {"x: {description: a, robots: none}\n", "(none)", "(none)"},
        {"description: a\nrobots: none\nx: &y z\n", "(none)", "(none)"},
    };
    for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
        struct er_error err = {0};
        struct er_front_matter front = {0};
        char text[128];
        snprintf(text, sizeof text, "---\n%s---\n", of[i].head);
        T_STATUS(er_front_matter_read(text, strlen(text), "n.md", &front, &err), ER_OK, "%s", text);
        T_EQ_STR(front.description ? front.description : "(none)", of[i].description, "description of %s",
                 text);
        T_EQ_STR(front.robots ? front.robots : "(none)", of[i].robots, "robots of %s", text);
        er_front_matter_clear(&front);
    }
}

static void tags(void)
{
    static const char *const good[] = {"en", "de-CH", "x-klingon", "zh-Hant", "a", "abcdefgh-12345678"};
    static const char *const bad[] = {"",   "-",         "en-",    "-en",      "e n",
                                      "1a", "abcdefghi", "en--us", "\xc3\xa9", "en_US"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) T_OK(er_language_tag(good[i]), "%s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) T_OK(!er_language_tag(bad[i]), "not %s", bad[i]);
}

static enum er_status make(struct er_front_matter *front)
{
    static const char text[] = "---\ntitle: a\nlang: de\ndescription: d\nrobots: none\nb: [c]\n---\n";
    return er_front_matter_read(text, sizeof text - 1, "n.md", front, NULL);
}

int main(void)
{
    blocks();
    keys();
    about();
    tags();
    struct er_front_matter front;
    T_ALLOCATIONS(make(&front), er_front_matter_clear(&front), "survives every failed allocation");
    return t_done();
}
