/* small_note.h - small notes with results made by hand, and their pages.
 */
#ifndef ERMINE_TESTS_SUPPORT_SMALL_NOTE_H
#define ERMINE_TESTS_SUPPORT_SMALL_NOTE_H

#include <ermine/note.h>

/* A fenced study of four runs (two corruptions times two seeds) with two figures; ten lines. */
#define NOTE_STUDY(name)                                                                                     \
    "```ermine\n"                                                                                            \
    "study: " name "\n"                                                                                      \
    "data: {name: two-spirals, train: 100, test: 50, labels: {corrupt: [0, 0.5]}}\n"                         \
    "model: [dense 8, relu, dense]\n"                                                                        \
    "train: {epochs: 3}\n"                                                                                   \
    "seeds: 2\n"                                                                                             \
    "figures:\n"                                                                                             \
    "  - {mark: line, x: epoch, y: train_loss, colour: data.labels.corrupt}\n"                               \
    "  - {mark: bar, x: outcome, y: test_error, title: Why it stopped}\n"                                    \
    "```\n"

/* The note of a text; the test fails when it is none. */
struct er_note *note_read(const char *text, const char *file);

/* What a store would give of NOTE_STUDY, small and round: four runs that ended with `outcome` after so many
 * epochs. */
struct er_note_result note_results(const char *outcome, int epochs);
void note_results_clear(struct er_note_result *result);

/* The page; the test fails when the status is not `want` or there is none. */
char *note_page(const struct er_note *note, const struct er_note_result *result, enum er_status want);
char *note_page_with(const struct er_note *note, const struct er_note_result *result,
                     const struct er_page_options *options, enum er_status want);

/* How often a word is in a text. */
int64_t note_count(const char *text, const char *word);

#endif
