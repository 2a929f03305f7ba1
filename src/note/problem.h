/* problem.h - what a page could not show: each is heard of, the first is what the page returns. */
#ifndef ERMINE_NOTE_PROBLEM_H
#define ERMINE_NOTE_PROBLEM_H

#include <ermine/note.h>

struct er_problems {
    struct er_error first; /* code ER_OK: none yet */
    const struct er_page_options *options;
};

void er_problem_add(struct er_problems *problems, const struct er_error *error);

#endif
