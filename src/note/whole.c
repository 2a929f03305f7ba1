/* whole.c - a note that is one study in YAML, without prose. */
#include "note/whole.h"

#include <string.h>
#include <strings.h>

enum { FENCE_LINE = 3 }; /* of the Markdown */

bool er_whole_is(const char *file)
{
    const char *dot = strrchr(file, '.');
    return dot && (strcasecmp(dot, ".yaml") == 0 || strcasecmp(dot, ".yml") == 0);
}

enum er_status er_whole_block(struct er_note *note, struct er_error *err)
{
    note->fences.block = er_alloc(1, sizeof *note->fences.block);
    char *text = er_strdup(note->text);
    if (!note->fences.block || !text) {
        er_free(text);
        return er_fail(err, ER_E_NOMEM, "out of memory while reading %s", note->file);
    }
    note->fences.block[0] =
        (struct er_block){.text = text, .length = note->length, .fence = FENCE_LINE, .line = 1};
    note->fences.blocks = 1;
    return ER_OK;
}

/* Text that Markdown takes as it is, in one line. */
static void add_literally(struct er_buffer *out, const char *text)
{
    for (; *text; text++) {
        if (strchr("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", *text)) er_buffer_char(out, '\\');
        er_buffer_char(out, *text == '\n' ? ' ' : *text);
    }
}

static size_t longest_run(const char *text, size_t n, char c)
{
    size_t longest = 0, run = 0;
    for (size_t i = 0; i < n; i++) {
        run = text[i] == c ? run + 1 : 0;
        if (run > longest) longest = run;
    }
    return longest;
}

void er_whole_markdown(const struct er_note *note, struct er_buffer *out)
{
    const size_t run = longest_run(note->text, note->length, '`'), fence = run < 3 ? 3 : run + 1;
    er_buffer_text(out, "# ");
    add_literally(out, note->title);
    er_buffer_text(out, "\n\n");
    for (size_t i = 0; i < fence; i++) er_buffer_char(out, '`');
    er_buffer_text(out, "ermine\n");
    er_buffer_add(out, note->text, note->length);
    if (note->length > 0 && note->text[note->length - 1] != '\n') er_buffer_char(out, '\n');
    for (size_t i = 0; i < fence; i++) er_buffer_char(out, '`');
    er_buffer_char(out, '\n');
}
