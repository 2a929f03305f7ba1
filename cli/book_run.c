/* book_run.c - what `ermine run` does with a book. */
#include "book_run.h"
#include "cli.h"

#include "core/file.h"

#include <ermine/book.h>
#include <ermine/memory.h>

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

struct chapter {
    char *path; /* from where the process is; the file borrows it */
    struct note_file file;
    bool there;
};

struct book {
    struct run *run;
    struct note_file *file;
    struct er_book *book;
    const struct er_book_chapter *list;
    struct chapter *chapter;
    int64_t n;
    char *folder;
};

/* NAME for NAME.md; NAME.pages for another name. */
static char *default_folder(const char *path)
{
    const size_t n = strlen(path);
    const bool plain = er_path_ends(path, ".md") && n > 3 && path[n - 4] != '/';
    char *out = er_alloc((int64_t)n + 7, 1);
    if (out) snprintf(out, n + 7, plain ? "%.*s" : "%.*s.pages", (int)(plain ? n - 3 : n), path);
    return out;
}

/* The file of a chapter, beside the book's. */
static char *chapter_path(const char *book, const char *chapter)
{
    const char *slash = strrchr(book, '/');
    const size_t folder = slash ? (size_t)(slash - book) + 1 : 0;
    const size_t room = folder + strlen(chapter) + 1;
    char *out = er_alloc((int64_t)room, 1);
    if (out) snprintf(out, room, "%.*s%s", (int)folder, book, chapter);
    return out;
}

static void fail(const struct book *b, const struct er_error *err)
{
    run_weigh(b->run, cli_error(b->run->args->command, err));
}

/* Puts the page of a file into the folder; false when memory is out. */
static bool set_page(const struct book *b, struct note_file *file, const char *page)
{
    char *path = er_path_join(b->folder, page);
    if (!path) return false;
    er_free(file->page);
    file->page = path;
    return true;
}

/* Reads chapter i; what is wrong with it is said. */
static enum er_status open_chapter(struct book *b, int64_t i, struct er_error *err)
{
    const struct er_book_chapter *entry = &b->list[i];
    struct chapter *chapter = &b->chapter[i];
    struct er_error absent = {0};
    struct stat at;
    if (entry->outside) {
        er_fail_at(&absent, ER_E_INPUT, b->file->path, entry->line, 0, "%s is outside of the book's folder",
                   entry->path);
        fail(b, &absent);
        return ER_OK;
    }
    chapter->path = chapter_path(b->file->path, entry->path);
    if (!chapter->path) return er_fail(err, ER_E_NOMEM, "out of memory");
    if (stat(chapter->path, &at) != 0) {
        er_fail_at(&absent, ER_E_INPUT, b->file->path, entry->line, 0, "there is no chapter %s",
                   chapter->path);
        fail(b, &absent);
        return ER_OK;
    }
    const int code = note_file_open(b->run->args, chapter->path, &chapter->file);
    if (code != CLI_DONE) {
        run_weigh(b->run, code);
        cli_message(b->run->args->command, "it is a chapter of %s", b->file->path);
        return ER_OK;
    }
    chapter->there = true;
    if (!set_page(b, &chapter->file, entry->page)) return er_fail(err, ER_E_NOMEM, "out of memory");
    return er_book_add(b->book, i, chapter->file.note, err);
}

static enum er_status open_book(struct book *b, struct er_error *err)
{
    enum er_status status = er_book_open(b->file->note, &b->book, err);
    if (status != ER_OK) return status;
    b->list = er_book_chapters(b->book, &b->n);
    b->chapter = er_alloc(b->n, sizeof *b->chapter);
    const char *folder = cli_value(b->run->args, "output", NULL);
    b->folder = folder ? er_strdup(folder) : default_folder(b->file->path);
    if (!b->chapter || !b->folder || !set_page(b, b->file, "index.html"))
        return er_fail(err, ER_E_NOMEM, "out of memory");
    for (int64_t i = 0; i < b->n && status == ER_OK; i++) status = open_chapter(b, i, err);
    return status;
}

/* The folder is there and may take every page. */
static int check_pages(const struct book *b)
{
    struct er_error err = {0};
    struct stat at;
    const struct cli_args *args = b->run->args;
    if (stat(b->folder, &at) == 0 && !S_ISDIR(at.st_mode))
        return cli_usage(args->command, "%s is no folder; --output names one for the pages of a book",
                         b->folder);
    if (er_directory_make(b->folder, &err) != ER_OK) return cli_error(args->command, &err);
    int code = note_file_check_page(args, b->file);
    for (int64_t i = 0; i < b->n && code == CLI_DONE; i++)
        if (b->chapter[i].there) code = note_file_check_page(args, &b->chapter[i].file);
    return code;
}

static void run_all(const struct book *b)
{
    struct er_page_options options = {.book = b->book, .chapter = ER_BOOK_INDEX};
    bool written = note_run(b->run, b->file, &options);
    for (int64_t i = 0; i < b->n; i++) {
        const struct chapter *chapter = &b->chapter[i];
        if (!chapter->there) continue;
        if (!b->run->quiet && er_note_studies(chapter->file.note) > 0)
            cli_message(b->run->args->command, "%s", chapter->path);
        options.chapter = i;
        note_run(b->run, &chapter->file, &options);
    }
    if (written) printf("%s\n", b->file->page);
}

static void close_book(struct book *b)
{
    for (int64_t i = 0; b->chapter && i < b->n; i++) {
        note_file_close(&b->chapter[i].file);
        er_free(b->chapter[i].path);
    }
    er_free(b->chapter);
    er_free(b->folder);
    er_book_free(b->book);
}

int book_run(struct run *run, struct note_file *file)
{
    struct er_error err = {0};
    struct book b = {.run = run, .file = file};
    if (open_book(&b, &err) != ER_OK) {
        fail(&b, &err);
    } else {
        const int code = run_only_looks(run) ? CLI_DONE : check_pages(&b);
        if (b.n == 0)
            cli_message(
                run->args->command,
                "%s has no chapter: an item of a list with a link to a file beside it that ends in .md",
                file->path);
        if (code == CLI_DONE)
            run_all(&b);
        else
            run_weigh(run, code);
    }
    close_book(&b);
    return run->code;
}
