/* <ermine/note.h> - a note: Markdown with studies in fenced blocks; and the page made of it.
 *
 * A fenced block whose language is `ermine` is a study in YAML. Blocks are found by a CommonMark parser
 * (md4c), so that a block inside a longer fence, a comment, raw HTML or indented code is what Markdown says
 * it is. The prose is not rendered here: the page carries the note's text, and its script renders it.
 */
#ifndef ERMINE_NOTE_H
#define ERMINE_NOTE_H

#include <ermine/store.h>

struct er_note;
struct er_book;

/* A text may have the bytes of two long books. The page's renderer takes 1 << 20 UTF-16 units, so it renders
 * whatever is read. */
enum {
    ER_NOTE_MAX_BYTES = 1 << 20,
    ER_NOTE_MAX_STUDIES = 200,
    ER_NOTE_MAX_QUOTES = 2000,
    ER_NOTE_MAX_PICTURES = 200,        /* different ones beside the note */
    ER_NOTE_MAX_PICTURE = 1 << 20,     /* bytes of one */
    ER_NOTE_MAX_ALL_PICTURES = 2 << 20 /* of all that a page holds */
};

/**
 * Reads a note. `file` is for messages, and its folder is where pictures are. Invalid UTF-8, a text over
 * ER_NOTE_MAX_BYTES, two studies of one name are errors of the whole note; an error inside a block is kept with
 * the block (er_note_study()), so that the rest can still run. Front matter that is not understood is none:
 * the page says so, and the note goes on. A file whose name ends in .yaml or .yml is a note that consists of
 * one study.
 */
ER_API enum er_status er_note_parse(const char *text, size_t n, const char *file, struct er_note **out,
                                    struct er_error *err);
ER_API void er_note_free(struct er_note *note);

/** The title: front matter's `title`, else the first level-1 heading, else the title or the name of a
 * study that is the whole note, else the file's name. A study of a note has its own title above its figures.
 */
ER_API const char *er_note_title(const struct er_note *note);

/* What the page shows first: front matter's `type` (slide, book). */
enum er_note_view { ER_NOTE_DOCUMENT, ER_NOTE_SLIDES, ER_NOTE_BOOK };
ER_API enum er_note_view er_note_view(const struct er_note *note);

ER_API int64_t er_note_studies(const struct er_note *note);

/** Study i, or NULL when its block is in error: then *err (when not NULL) is that error. */
ER_API const struct er_study *er_note_study(const struct er_note *note, int64_t i, struct er_error *err);

/** The line of study i's opening fence in the note, from 1; of a note that is a study: in the Markdown that
 * the page shows of it. */
ER_API int64_t er_note_study_line(const struct er_note *note, int64_t i);

/* What came of study i. A zeroed struct: nothing has been computed. */
struct er_note_result {
    /* ER_OK when the study ran. ER_E_STOPPED: it was interrupted. Any other code: it failed, and the message
     * stands in the figures' place; figures are drawn all the same of the runs that the tables hold. */
    struct er_error error;
    int64_t computed;  /* runs that were computed now (er_study_outcome); the others come from the store */
    const char *stale; /* why the numbers are not those of the study as it stands, a sentence for the reader;
                          NULL: they are. Borrowed */
    struct er_table runs, curves;
    struct er_provenance provenance;
    int64_t edition; /* for er_page_options.memory: a number that is another one whenever the study's text or
                        anything here is another; 0: none */
};

/* How a study stands on the page. Of two that apply, the later here. */
enum er_note_state {
    ER_NOTE_STORED,   /* all runs were found in the store */
    ER_NOTE_COMPUTED, /* all runs are there, and some were computed now */
    ER_NOTE_PARTIAL,  /* runs are missing */
    ER_NOTE_STALE,    /* result->stale says why */
    ER_NOTE_FAILED    /* its block or its running is in error */
};
ER_API enum er_note_state er_note_state(const struct er_note *note, int64_t i,
                                        const struct er_note_result *result);

/** "stored", "computed", "partial", "stale", "failed". */
ER_API const char *er_note_state_name(enum er_note_state state);

/* What a quoted value is replaced by. */
struct er_note_value {
    char *text;   /* "90.42 +- 0.31 %", with the signs of good typography */
    char *detail; /* where it is from: "mean of 3 runs: seeds 0, 1, 2; standard error 0.31 %; column ..." */
};

/** How many quoted values {{study: expression}} the prose holds. docs/notes.md has their grammar and what they
 * mean. They are found where Markdown sees running text: not in code, formulas, raw HTML, addresses. */
ER_API int64_t er_note_quotes(const struct er_note *note);

/**
 * Quoted value i, in the order of the text, measured.
 *
 * @param result  one for each study of the note, in order.
 * @param out     cleared by er_note_value_clear(); untouched on failure.
 * Errors: ER_E_INPUT, at the word that is wrong, with the nearest that fits: an expression that is not one, a
 * study or column that there is not, values that no run has, a study that failed or has no results; ER_E_NOMEM.
 * Cost: the rows of the study's tables times the conditions. Threads: any number.
 */
ER_API enum er_status er_note_quote(const struct er_note *note, int64_t i,
                                    const struct er_note_result *result, struct er_note_value *out,
                                    struct er_error *err);

/** The same of an expression that does not stand in the note; places count from its beginning. */
ER_API enum er_status er_note_evaluate(const struct er_note *note, const char *expression,
                                       const struct er_note_result *result, struct er_note_value *out,
                                       struct er_error *err);
ER_API void er_note_value_clear(struct er_note_value *value);

/* Whether a claim of a study came out. */
enum er_verdict {
    ER_VERDICT_NONE, /* not judged: runs are missing, the study failed, its numbers are old */
    ER_VERDICT_PASS,
    ER_VERDICT_FAIL
};

/** "NONE", "PASS", "FAIL". */
ER_API const char *er_verdict_name(enum er_verdict verdict);

enum { ER_NOTE_MAX_CLAUSES = 8 }; /* of a claim's rule */

/* One clause of a claim's rule. */
struct er_note_clause {
    double value; /* of its left side; of a course its least step as claimed, or its greatest as denied; where
                         it is least or greatest */
    double low, high; /* 95 % interval of the value by Student's t; NaN: there is none */
    int64_t seeds;    /* least number of seeds that a value in it is of */
    bool holds;       /* by the values */
    bool close;       /* the limit lies within the interval: other seeds may come out otherwise */
};

struct er_note_verdict {
    enum er_verdict verdict;
    bool close;    /* so do clauses that decide it */
    int64_t seeds; /* the least of its clauses */
    struct er_note_clause clause[ER_NOTE_MAX_CLAUSES];
    int clauses; /* 0 when it is not judged */
    char
        *measured; /* the numbers for people, "90.25 % [88.94, 91.56]; 3 seeds"; or why there is no verdict */
};

/**
 * Judges claim k (er_study_claims()) of study i, which is not in error. docs/notes.md has the grammar of rules
 * and what they mean. The verdict is by the values; nothing is judged unless every run of the study is there,
 * and as the study stands.
 *
 * @param result  of study i.
 * @param out     cleared by er_note_verdict_clear(); untouched on failure.
 * Errors: ER_E_INPUT at the place of what is wrong with the rule or with what it is judged by (runs that
 * diverged or lack a value); ER_E_NOMEM. Cost: rows times conditions for each value of the rule, times the
 * points of a course. Threads: any number.
 */
ER_API enum er_status er_note_judge(const struct er_note *note, int64_t i, int64_t k,
                                    const struct er_note_result *result, struct er_note_verdict *out,
                                    struct er_error *err);
ER_API void er_note_verdict_clear(struct er_note_verdict *verdict);

/* What is kept of a note's pages for the next one: the sections of studies, which are most of the work. For one
 * thread at a time, and for notes of one file. */
struct er_page_memory;
ER_API enum er_status er_page_memory_new(struct er_page_memory **out, struct er_error *err); /* ER_E_NOMEM */
ER_API void er_page_memory_free(struct er_page_memory *memory); /* NULL is allowed */

/* How a page is written. A zeroed struct: a page that is read as a file. */
struct er_page_options {
    int64_t live; /* the version of a page that is served by the program that made it, and asks that server
                     for newer ones; 0: it is not */
    bool bare;    /* without script and style, for a reader that has them: the rest is the same */
    const struct er_book *book; /* of whose chapter it is the page (<ermine/book.h>); NULL: of none */
    int64_t chapter;            /* its number there, or ER_BOOK_INDEX */
    /* Hears of each figure, quoted value and picture that the page shows an error for; NULL: nobody does. */
    void (*problem)(void *ctx, const struct er_error *error);
    void *ctx;
    /* Sections of earlier pages that are still right (er_note_result.edition) are taken from here; NULL: all are
     * written. The page is the same to the byte. */
    struct er_page_memory *memory;
};

/**
 * The page: one HTML file that needs no network, in the form of web/README.md ("The page contract"): the
 * note's text, and for each study a section with its figures, their data tables, and how each was computed. Its
 * script renders the text and moves the sections to their places.
 *
 * Pictures of the Markdown with a relative address, ![words](a.png), are read when the page is made and are part
 * of it: regular files in the folder of the note's file (er_note_parse) or below it, PNG, JPEG, GIF or WebP by
 * their first bytes, within the limits above. Symbolic links are followed.
 * Cost: drawing texts and tables of the figures (the studies' rows), at most ER_NOTE_MAX_ALL_PICTURES of files, and
 * one more reading of the note's text. Threads: any number, each with a page memory of its own.
 *
 * @param result   one for each study of the note, in order; NULL only when there is no study.
 * @param options  NULL: as zeroed.
 * @param html     the page, freed by er_free().
 * Errors: ER_E_NOMEM; ER_E_INPUT after the page is complete (*html is set then too) when it shows an error in
 * place of a figure (of a column that there is not), of a quoted value or of a picture: *err is the first of them.
 */
ER_API enum er_status er_note_page(const struct er_note *note, const struct er_note_result *result,
                                   const struct er_page_options *options, char **html, struct er_error *err);

/** A study's figure as a Vega-Lite specification with its data inline (JSON text, freed by er_free()), and
 * the alternative text that says in words what it shows. */
ER_API enum er_status er_figure_spec(const struct er_figure *figure, const struct er_table *runs,
                                     const struct er_table *curves, char **spec, char **alternative,
                                     struct er_error *err);

#endif
