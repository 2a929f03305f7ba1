/* A page made with the memory of earlier ones is the page made without, whatever has changed between them; and the
 * memory is used: results that say that they are the same are not looked at again. */
#include "t.h"

#include "support/small_note.h"

#include <ermine/note.h>

static struct er_page_memory *memory;

/* With memory and without: the same bytes. */
static char *both(const char *text, const struct er_note_result *result, enum er_status want,
                  const char *name)
{
    const struct er_page_options with = {.bare = true, .memory = memory}, without = {.bare = true};
    struct er_note *note = note_read(text, "n.md");
    char *page = note_page_with(note, result, &with, want),
         *plain = note_page_with(note, result, &without, want);
    T_EQ_STR(page, plain, "%s", name);
    er_free(plain);
    er_note_free(note);
    return page;
}

static void same(const char *text, const struct er_note_result *result, const char *name)
{
    er_free(both(text, result, ER_OK, name));
}

static void pages(void)
{
    struct er_note_result result[2] = {note_results("epochs", 3), note_results("epochs", 4)};
    result[0].edition = 1;
    result[1].edition = 2;
    same("Words.\n\n" NOTE_STUDY("a"), result, "a first page");
    same("Words.\n\n" NOTE_STUDY("a"), result, "the same again");
    same("# More\n\nwords\n\nabove.\n\n" NOTE_STUDY("a"), result, "lines above it");
    same(NOTE_STUDY("a") "\n" NOTE_STUDY("b"), result, "another study below it");
    same(NOTE_STUDY("a-1") "\n" NOTE_STUDY("a"), (struct er_note_result[]){result[1], result[0]},
         "a study whose id is that of a figure");
    same("Words.\n\n" NOTE_STUDY("a"), result, "alone again");
    same("{{a: max test_error}}\n\n" NOTE_STUDY("a"), result, "a quoted value");

    result[0].computed = 4;
    result[0].edition = 3;
    char *page = both("Words.\n\n" NOTE_STUDY("a"), result, ER_OK, "results that have another state");
    T_OK(strstr(page, "data-status=\"computed\""), "which is on the page");
    er_free(page);

    result[0].stale = "They are old.";
    page = both("Words.\n\n" NOTE_STUDY("a"),
                (struct er_note_result[]){{.runs = result[0].runs,
                                           .curves = result[0].curves,
                                           .provenance = result[0].provenance,
                                           .stale = result[0].stale}},
                ER_OK, "results without an edition");
    T_OK(strstr(page, "They are old."), "are always looked at");
    er_free(page);
    result[0].stale = NULL;

    er_error_place(&result[0].error, "n.md", 3, 1);
    er_fail(&result[0].error, ER_E_IO, "no luck");
    result[0].edition = 4;
    page = both("Words.\n\n" NOTE_STUDY("a"), result, ER_OK, "a failure");
    T_OK(strstr(page, "no luck"), "is said");
    er_free(page);
    result[0].error = (struct er_error){0};
    result[0].edition = 5;

    static const char WRONG[] =
        "```ermine\nstudy: a\ndata: {name: two-spirals, train: 100, test: 50}\nmodel: [dense 8, relu, "
        "dense]\ntrain: {epochs: 3}\nfigures:\n  - {mark: line, x: epoch, y: train_loss, colour: "
        "absent}\n```\n";
    char text[1024];
    for (int lines = 0; lines < 3; lines++) {
        snprintf(text, sizeof text, "%.*s%s", 2 * lines, "\n\n\n\n\n\n", WRONG);
        struct er_error err = {0};
        struct er_note *note = note_read(text, "n.md");
        if (er_note_study(note, 0, &err)) {
            page = both(text, result, ER_E_INPUT, "a figure in error");
            snprintf(text, sizeof text, "n.md:%d:", 8 + 2 * lines - 1);
            T_OK(strstr(page, text), "names its line as it is now: %s", text);
            er_free(page);
        } else {
            same(text, result, err.msg);
        }
        er_note_free(note);
    }
    for (int i = 0; i < 2; i++) note_results_clear(&result[i]);
}

static void it_is_used(void)
{
    const struct er_page_options with = {.bare = true, .memory = memory};
    struct er_note_result result = note_results("epochs", 3), other = note_results("patience", 3);
    struct er_note *note = note_read(NOTE_STUDY("used"), "n.md");
    result.edition = other.edition = 100;
    char *first = note_page_with(note, &result, &with, ER_OK);
    char *second = note_page_with(note, &other, &with, ER_OK);
    T_OK(strcmp(first, second) == 0, "the same edition is the same section");
    er_free(second);
    other.edition = 101;
    second = note_page_with(note, &other, &with, ER_OK);
    T_OK(strstr(second, "patience") && !strstr(first, "patience"), "another edition is another");
    er_free(second);
    for (int i = 0; i < 10; i++) er_free(note_page_with(note, &other, &with, ER_OK));
    second = note_page_with(note, &result, &with, ER_OK);
    T_EQ_STR(second, first, "what was forgotten is written again");
    er_free(first);
    er_free(second);
    er_note_free(note);
    note_results_clear(&result);
    note_results_clear(&other);
}

int main(void)
{
    struct er_error err;
    T_STATUS(er_page_memory_new(&memory, &err), ER_OK, "a memory");
    pages();
    it_is_used();
    struct er_note_result result = note_results("epochs", 3);
    struct er_note *note = note_read(NOTE_STUDY("tight"), "n.md");
    char *html = NULL;
    const struct er_page_options with = {.bare = true, .memory = memory};
    result.edition = 200;
    T_ALLOCATIONS((result.edition++, er_note_page(note, &result, &with, &html, &err)), er_free(html),
                  "a page with memory");
    er_note_free(note);
    note_results_clear(&result);
    er_page_memory_free(memory);
    memory = NULL;
    T_ALLOCATIONS(er_page_memory_new(&memory, &err), er_page_memory_free(memory), "er_page_memory_new");
    er_page_memory_free(NULL);
    return t_done();
}
