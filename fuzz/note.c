/* Fuzzes notes: Markdown, front matter and studies of any form become a note and a page, or an error. The
 * first byte chooses whether the file is YAML (y), the list of a book that is told of every second chapter (b), or plain
 * Markdown. Each study gets a table of numbers with the columns that
 * its figures ask for, so that figures of any names and titles are written too. */
#include <ermine/book.h>
#include <ermine/memory.h>
#include <ermine/note.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 16, ROWS = 5 };

static int64_t add(struct er_table_column *column, int64_t n, const char *name)
{
    for (int64_t i = 0; i < n; i++)
        if (strcmp(column[i].name, name) == 0) return n;
    if (n < COLUMNS) column[n++] = (struct er_table_column){.name = name, .unit = "", .numeric = true};
    return n;
}

static void fill(const struct er_study *study, struct er_table_column *column, struct er_cell *cell,
                 struct er_note_result *result)
{
    int64_t figures, n = 0;
    const struct er_figure *figure = er_study_figures(study, &figures);
    for (int64_t f = 0; f < figures; f++) {
        if (figure[f].x) n = add(column, n, figure[f].x);
        if (figure[f].slider) n = add(column, n, figure[f].slider);
        for (int64_t p = 0; p < figure[f].n_points; p++) n = add(column, n, figure[f].points[p]);
        for (int64_t y = 0; y < figure[f].n_y; y++) n = add(column, n, figure[f].y[y]);
        if (figure[f].colour) n = add(column, n, figure[f].colour);
    }
    for (int64_t i = 0; i < ROWS * n; i++) cell[i].number = (double)(i * i % 7);
    result->runs = (struct er_table){.column = column, .columns = n, .cell = cell, .rows = n > 0 ? ROWS : 0};
}

static struct er_book *book_of(const struct er_note *note)
{
    struct er_book *book = NULL;
    int64_t n;
    if (er_book_open(note, &book, NULL) != ER_OK) return NULL;
    const struct er_book_chapter *chapter = er_book_chapters(book, &n);
    for (int64_t i = 0; i < n; i += 2)
        if (!chapter[i].outside && er_book_add(book, i, note, NULL) != ER_OK) abort();
    return book;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct er_note *note;
    char *html = NULL;
    if (n == 0) return 0;
    const char *file = bytes[0] == 'y' ? "note.yaml" : "note.md";
    if (er_note_parse((const char *)bytes + 1, n - 1, file, &note, NULL) != ER_OK) return 0;
    const int64_t studies = er_note_studies(note);
    struct er_note_result *result = er_alloc(studies, sizeof *result);
    struct er_table_column *column = er_alloc(studies, COLUMNS * sizeof *column);
    struct er_cell *cell = er_alloc(studies, sizeof *cell * COLUMNS * ROWS);
    if (!result || !column || !cell) abort();
    for (int64_t i = 0; i < studies; i++) {
        const struct er_study *study = er_note_study(note, i, NULL);
        if (study) fill(study, column + i * COLUMNS, cell + i * COLUMNS * ROWS, &result[i]);
    }
    struct er_page_options options = {.chapter = ER_BOOK_INDEX};
    struct er_book *book = bytes[0] == 'b' ? book_of(note) : NULL;
    options.book = book;
    enum er_status status = er_note_page(note, result, &options, &html, NULL);
    if ((status != ER_OK && status != ER_E_INPUT) || !html) __builtin_trap();
    er_free(html);
    er_book_free(book);
    er_free(cell);
    er_free(column);
    er_free(result);
    er_note_free(note);
    return 0;
}
