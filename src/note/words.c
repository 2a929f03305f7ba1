/* words.c - columns and numbers in words that a reader knows. */
#include "note/words.h"

#include <math.h>
#include <string.h>

/* Found by the whole path; settings that several maps have, which begin with a full stop here, by their last
 * part. So a setting that is called as a result is (train.until.train_error) is not taken for it. */
static const struct known {
    const char *column, *words;
    bool fraction;
} known[] = {
    {"train_loss", "training loss", false},
    {"test_loss", "test loss", false},
    {"train_error", "training error", true},
    {"test_error", "test error", true},
    {"best_test_error", "best test error", true},
    {"interpolates", "share of runs that interpolate", true},
    {"gap", "generalisation gap", true},
    {"rademacher", "Rademacher complexity, from below", false},
    {"bound", "bound on the gap", true},
    {"vacuous", "share of runs with a vacuous bound", true},
    {"fitted", "share of draws that were fitted", true},
    {"wide_share", "share in the wide well", true},
    {"wide_share_expected", "share by Kramers's rate", true},
    {"wide_share_stationary", "share in equilibrium", true},
    {"lost", "test error regained", true},
    {"clean_fit", "clean, fitted", true},
    {"noisy_fit", "noisy, fitted", true},
    {"noisy_true", "noisy, as true", true},
    {"best_clean_fit", "clean examples fitted at the best epoch", true},
    {"best_noisy_fit", "noisy examples fitted at the best epoch", true},
    {"best_noisy_true", "noisy examples predicted truly at the best epoch", true},
    {"never_forgotten_clean", "clean, never forgotten", true},
    {"never_forgotten_noisy", "noisy, never forgotten", true},
    {"agreement", "agreement with a draw", false},
    {"barrier", "barrier", false},
    {"line_barrier", "barrier of the straight line", false},
    {"error_barrier", "barrier in training error", true},
    {"line_error_barrier", "barrier in training error on the straight line", true},
    {"worst_train_loss", "largest training loss on the path", false},
    {"worst_train_error", "largest training error on the path", true},
    {"worst_test_error", "largest test error on the path", true},
    {"line_worst_train_error", "largest training error on the straight line", true},
    {"line_worst_test_error", "largest test error on the straight line", true},
    {"interpolating", "share of the path that interpolates", true},
    {"from_train_error", "training error of the first minimum", true},
    {"from_test_error", "test error of the first minimum", true},
    {"to_train_error", "training error of the second minimum", true},
    {"to_test_error", "test error of the second minimum", true},
    {"disagreement", "disagreement", true},
    {"line_train_loss", "training loss on the straight line", false},
    {"line_train_error", "training error on the straight line", true},
    {"line_test_loss", "test loss on the straight line", false},
    {"line_test_error", "test error on the straight line", true},
    {"green", "training error 0", true},
    {"magenta", "low test error", true},
    {"minima.poison", "poisoned examples", false},
    {"acceptance", "share of weights that fit", true},
    {"sampled_error", "test error of sampled minima", true},
    {"trained_error", "test error of trained minima", true},
    {"bin_sampled_error", "error of sampled minima", true},
    {"bin_trained_error", "error of trained minima", true},
    {"largest_difference", "largest difference at one margin", true},
    {"p_bayes", "posterior probability", false},
    {"p_wide", "probability under the infinitely wide network", false},
    {"p_sgd", "probability that training finds it", false},
    {"bayes_errors", "mistakes of the posterior", false},
    {"sgd_errors", "mistakes of training", false},
    {"wide_errors", "mistakes of the infinite network", false},
    {"chance_errors", "mistakes of a guess", false},
    {".corrupt", "corrupted labels", true},
    {".condition", "data condition", false},
    {".rate", "learning rate", false},
    {".batch", "batch size", false},
    {"steps", "steps of training", false},
    {"epochs", "epochs of training", false},
    {"data.seed", "draws of the data", false},
    {"matrix.seed", "draws of the matrix", false},
    {"data.name", "data set", false},
    {"data.train", "training examples", false},
    {"data.test", "test examples", false},
    {"train.epochs", "most epochs", false},
    {"train.steps", "most steps", false},
    {"train.until.train_error", "training error to stop at", true},
    {"train.until.train_loss", "training loss to stop at", false},
};

static const char *last_part(const char *column)
{
    const char *dot = strrchr(column, '.');
    return dot && dot[1] ? dot + 1 : column;
}

static const struct known *look_up(const char *column)
{
    const size_t n = sizeof known / sizeof *known;
    for (size_t i = 0; i < n; i++)
        if (strcmp(known[i].column, column) == 0) return &known[i];
    const char *dot = strrchr(column, '.');
    for (size_t i = 0; dot && i < n; i++)
        if (strcmp(known[i].column, dot) == 0) return &known[i];
    return NULL;
}

void er_words_column(struct er_buffer *out, const char *column)
{
    const struct known *entry = look_up(column);
    if (entry) {
        er_buffer_text(out, entry->words);
        return;
    }
    for (const char *c = last_part(column); *c; c++) er_buffer_char(out, (char)(*c == '_' ? ' ' : *c));
}

void er_words_title(struct er_buffer *out, const struct er_table_column *column)
{
    const size_t begin = out->length, n = strlen(column->unit);
    er_words_column(out, column->name);
    if (n == 0 || out->status != ER_OK || out->length == begin) return;
    /* "epoch", "epochs of training" need no "(epochs)", nor "training examples" an "(examples)" */
    const size_t stem = n > 1 && column->unit[n - 1] == 's' ? n - 1 : n;
    const char *words = out->data + begin, *end = out->data + out->length - n;
    if (n > 1 &&
        (strncmp(words, column->unit, stem) == 0 || (end >= words && strcmp(end, column->unit) == 0)))
        return;
    er_buffer_format(out, " (%s)", column->unit);
}

bool er_words_fraction(const char *column)
{
    const struct known *entry = look_up(column);
    return entry && entry->fraction;
}

void er_words_number(struct er_buffer *out, double value, int digits, bool fraction)
{
    if (fraction) value *= 100;
    if (isnan(value))
        er_buffer_text(out, "no value");
    else if (isinf(value))
        er_buffer_text(out, value > 0 ? "infinite" : "minus infinite");
    else if (value == floor(value) && fabs(value) < 1e15)
        er_buffer_format(out, "%.0f", value == 0 ? 0.0 : value);
    else
        er_buffer_format(out, "%.*g", digits, value);
    if (fraction && isfinite(value)) er_buffer_text(out, " %");
}
