/* problem.c - what a page could not show. */
#include "note/problem.h"

#include <string.h>

void er_problem_add(struct er_problems *problems, const struct er_error *error)
{
    if (problems->first.code == ER_OK) memcpy(&problems->first, error, sizeof *error);
    if (problems->options->problem) problems->options->problem(problems->options->ctx, error);
}
