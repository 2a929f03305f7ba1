/* book_run.h - what `ermine run` does with a book: runs its note and every chapter, each with its own store, and writes
 * one folder of pages.
 */
#ifndef ERMINE_CLI_BOOK_RUN_H
#define ERMINE_CLI_BOOK_RUN_H

#include "note_run.h"

/* Returns run->code. A chapter whose file is absent or no note is said with the line of its link, and the others are
 * built. `file` is the book's note, whose page becomes FOLDER/index.html. */
int book_run(struct run *run, struct note_file *file);

#endif
