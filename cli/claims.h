/* claims.h - the claims of a study in the terminal.
 *
 *     PASS  Random labels are fitted completely
 *           0 % [0, 0]; 3 seeds
 *           rule: train_error where corrupt = 1 is 0
 *           expected: 0 (Zhang et al., table 1)
 */
#ifndef ERMINE_CLI_CLAIMS_H
#define ERMINE_CLI_CLAIMS_H

#include "options.h"

#include <ermine/note.h>

/* How many claims came out how. */
struct claim_count {
    int64_t pass, fail, none;
};

/* Prints the claims of study i and adds them up. Why one cannot be judged is said with its place as a message of
 * `command`; NULL: not at all, the page says it. An exit code: CLI_INPUT when one cannot be judged for an error. */
int claims_print(const struct cli_command *command, const struct er_note *note, int64_t i,
                 const struct er_note_result *result, struct claim_count *count);

#endif
