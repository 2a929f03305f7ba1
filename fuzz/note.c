/* Fuzzes notes: Markdown, front matter and studies of any form become a note and a page, or an error. The
 * first byte chooses whether the file is Markdown or YAML. */
#include <ermine/memory.h>
#include <ermine/note.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct er_note *note;
    char *html = NULL;
    if (n == 0) return 0;
    const char *file = bytes[0] == 'y' ? "note.yaml" : "note.md";
    if (er_note_parse((const char *)bytes + 1, n - 1, file, &note, NULL) != ER_OK) return 0;
    struct er_note_result *result = er_alloc(er_note_studies(note), sizeof *result);
    if (!result) abort();
    enum er_status status = er_note_page(note, result, &html, NULL);
    if ((status != ER_OK && status != ER_E_INPUT) || !html) __builtin_trap();
    er_free(html);
    er_free(result);
    er_note_free(note);
    return 0;
}
