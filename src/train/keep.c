/* keep.c - the moments at which a member's network is handed out: er_member.keep, a text of words. */
#include "core/number.h"
#include "train/trainee.h"

#include <string.h>

enum { WORD_MOST = 24 };

/* The next word of *text, cut to what fits; false at the end. */
static bool next(const char **text, char word[WORD_MOST])
{
    const char *from = *text + strspn(*text, " ");
    const size_t n = strcspn(from, " "), kept = n < WORD_MOST - 1 ? n : WORD_MOST - 1;
    memcpy(word, from, kept);
    word[kept] = '\0';
    *text = from + n;
    return n > 0;
}

static bool is_moment(const char *word)
{
    int64_t epoch;
    if (strcmp(word, "init") == 0 || strcmp(word, "end") == 0) return true;
    return er_number_integer(word, &epoch) && epoch >= 1;
}

enum er_status er_keep_check(const char *keep, struct er_error *err)
{
    char word[WORD_MOST];
    while (keep && next(&keep, word))
        if (!is_moment(word))
            return er_fail(err, ER_E_USAGE, "keep: '%s' is neither init nor end nor an epoch from 1", word);
    return ER_OK;
}

struct er_kept er_trainee_kept(const struct er_trainee *t, enum er_moment moment)
{
    return (struct er_kept){.moment = moment,
                            .epoch = t->steps / t->steps_per_epoch,
                            .step = t->steps,
                            .w = t->w,
                            .statistics = t->S ? t->statistics : NULL};
}

bool er_keep_asks(const char *keep, const struct er_kept *kept)
{
    char word[WORD_MOST];
    int64_t epoch;
    while (keep && next(&keep, word)) {
        const bool is_it = kept->moment == ER_KEPT_INIT ? strcmp(word, "init") == 0
                           : kept->moment == ER_KEPT_END
                               ? strcmp(word, "end") == 0
                               : er_number_integer(word, &epoch) && epoch == kept->epoch;
        if (is_it) return true;
    }
    return false;
}

enum er_status er_trainee_keep(const struct er_trainee *t, enum er_moment moment,
                               const struct er_trainee_hooks *hooks, struct er_error *err)
{
    const struct er_kept kept = er_trainee_kept(t, moment);
    const bool first = t->member->keep_first_epoch && moment == ER_KEPT_EPOCH && kept.epoch == 1;
    return first || er_keep_asks(t->member->keep, &kept) ? hooks->keep(hooks->ctx, &kept, err) : ER_OK;
}
