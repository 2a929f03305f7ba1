/* Notes as a whole: titles, and what is refused. */
#include "t.h"

#include "core/buffer.h"
#include "support/small_note.h"

#include <ermine/note.h>

static void titles(void)
{
    static const struct {
        const char *text, *file, *title;
    } note[] = {
        {"---\ntitle: T & t\n---\n# H\n", "a.md", "T & t"},
        {"## no\n\n# The *first* `one` &amp; <b>\n# second\n", "a.md", "The first one &"},
        {"text\n", "some/where/a.md", "a.md"},
        {"study: s\ndata: {name: two-spirals, train: 10, test: 5}\nmodel: [dense]\ntrain: {epochs: 1}\n",
         "x/b.yaml", "s"},
        {"study: s\ntitle: Two & two\ndata: {name: two-spirals, train: 10, test: 5}\nmodel: [dense]\n"
         "train: {epochs: 1}\n",
         "x/b.yaml", "Two & two"},
        {"study: [\n", "x/b.YML", "b.YML"},
    };
    for (size_t i = 0; i < sizeof note / sizeof *note; i++) {
        struct er_note *read = note_read(note[i].text, note[i].file);
        if (!read) continue;
        T_EQ_STR(er_note_title(read), note[i].title, "title of %s", note[i].text);
        er_note_free(read);
    }
}

static void refusals(void)
{
    struct er_error err = {0};
    struct er_note *note = NULL;
    static const char twice[] = "a\n\n" NOTE_STUDY("one") "\n> "
                                                          "b\n\n" NOTE_STUDY("one");
    T_STATUS(er_note_parse(twice, strlen(twice), "n.md", &note, &err), ER_E_INPUT, "two studies of one name");
    T_EQ_STR(err.msg, "two studies are called \"one\": on lines 4 and 17", "both lines");
    T_EQ_INT(err.line, 17, "at the second");
    T_STATUS(er_note_parse("a\n\xff", 3, "n.md", &note, &err), ER_E_INPUT, "not UTF-8");
    T_EQ_INT(err.line, 2, "where");
    char *large = er_alloc(ER_NOTE_MAX_BYTES + 1, 1);
    memset(large, 'x', ER_NOTE_MAX_BYTES + 1);
    T_STATUS(er_note_parse(large, ER_NOTE_MAX_BYTES, "n.md", &note, &err), ER_OK, "the longest note");
    er_note_free(note);
    note = NULL;
    T_STATUS(er_note_parse(large, ER_NOTE_MAX_BYTES + 1, "n.md", &note, &err), ER_E_LIMIT, "too long");
    er_free(large);
    struct er_buffer many = {0};
    for (int i = 0; i <= ER_NOTE_MAX_STUDIES; i++) er_buffer_text(&many, "```ermine\n```\n");
    T_STATUS(er_note_parse(many.data, many.length, "n.md", &note, &err), ER_E_LIMIT, "too many studies");
    T_OK(err.line > 2 * ER_NOTE_MAX_STUDIES - 2, "at line %d", (int)err.line);
    er_buffer_clear(&many);
    T_OK(!note, "no note on failure");
}

static enum er_status make(struct er_note **note)
{
    static const char text[] = "---\ntitle: a\nlang: de\n---\n# b\n\n" NOTE_STUDY("c") "```ermine\nx\n```\n";
    return er_note_parse(text, sizeof text - 1, "n.md", note, NULL);
}

static enum er_status make_whole(struct er_note **note)
{
    static const char text[] = "study: s\ndata: {name: two-spirals}\nmodel: [dense]\ntrain: {}\n";
    return er_note_parse(text, sizeof text - 1, "n.yaml", note, NULL);
}

int main(void)
{
    titles();
    refusals();
    struct er_note *note = NULL;
    T_ALLOCATIONS(make(&note), er_note_free(note), "a note survives every failed allocation");
    T_ALLOCATIONS(make_whole(&note), er_note_free(note), "and one that is a study");
    return t_done();
}
