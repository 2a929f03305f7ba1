/* spec.c - how a member is trained: defaults, ranges, names of reasons. */
#include "train/optimiser.h"

#include <float.h>
#include <math.h>

struct er_train_spec er_train_spec_default(void)
{
    return (struct er_train_spec){
        .optimiser = {.name = "sgd", .rate = 0.1, .beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8, .batch = 64},
        .schedule = {.kind = ER_SCHEDULE_CONSTANT, .factor = 0.95, .every = 1},
        .stop = {.train_error = NAN, .train_loss = NAN, .epochs = 100},
        .every = 1,
    };
}

/* A number with the range it must lie in. */
struct range {
    const char *name;
    double value, min, max;
    bool above_min, below_max; /* strictly, also after rounding to the float that the arithmetic uses */
};

static enum er_status check_ranges(const struct range *range, int n, struct er_error *err)
{
    for (int i = 0; i < n; i++) {
        const struct range *r = &range[i];
        const double rounded = (double)(float)r->value;
        const bool inside = r->value >= r->min && r->value <= r->max &&
                            (!r->above_min || rounded - r->min >= (double)FLT_MIN) &&
                            (!r->below_max || rounded < r->max);
        if (!inside)
            return er_fail(err, ER_E_USAGE, "%s is %g, outside of %c%g, %g%c", r->name, r->value,
                           r->above_min ? '(' : '[', r->min, r->max, r->below_max ? ')' : ']');
    }
    return ER_OK;
}

enum er_status er_train_check(const struct er_train_spec *spec, struct er_error *err)
{
    const struct er_optimiser *o = &spec->optimiser;
    const struct er_schedule *s = &spec->schedule;
    const struct er_optimiser_ops *ops = o->name ? er_optimiser_find(o->name) : NULL;
    if (!ops) return er_fail(err, ER_E_NOT_FOUND, "there is no optimiser '%s'", o->name ? o->name : "");
    const double most = 1e15;
    const bool stepped = s->kind == ER_SCHEDULE_STEP;
    const struct range range[] = {
        {"rate", o->rate, 0, 1e9, true, false},
        {"momentum", o->momentum, 0, 1, false, true},
        {"weight_decay", o->weight_decay, 0, 1e9, false, false},
        {"beta1", o->beta1, 0, 1, false, true},
        {"beta2", o->beta2, 0, 1, false, true},
        {"epsilon", o->epsilon, 0, 1, true, false},
        {"rho", o->rho, 0, 1e9, false, false},
        {"batch", (double)o->batch, 0, 1 << 24, false, false},
        {"schedule.factor", stepped ? s->factor : 1, 0, 1e3, true, false},
        {"schedule.every", stepped ? s->every : 1, 0, most, true, false},
        {"schedule.floor", s->floor, 0, 1, false, false},
        {"schedule.warm_up", s->warm_up, 0, most, false, false},
        {"epochs", (double)spec->stop.epochs, 1, most, false, false},
        {"steps", (double)spec->stop.steps, 0, most, false, false},
        {"seconds", spec->stop.seconds, 0, most, false, false},
        {"until.plateau", (double)spec->stop.plateau, 0, most, false, false},
        {"record.early", (double)spec->early, 0, 10000, false, false},
        {"record.every", (double)spec->every, 1, most, false, false},
    };
    enum er_status status = check_ranges(range, (int)(sizeof range / sizeof *range), err);
    if (status != ER_OK) return status;
    if (spec->stop.train_error < 0 || spec->stop.train_error > 1)
        return er_fail(err, ER_E_USAGE, "until.train_error is %g, outside of [0, 1]", spec->stop.train_error);
    if (spec->stop.train_loss < 0)
        return er_fail(err, ER_E_USAGE, "until.train_loss is %g, below 0", spec->stop.train_loss);
    if (o->nesterov && !(o->momentum > 0))
        return er_fail(err, ER_E_USAGE, "nesterov needs a momentum above 0");
    if (ops->full_batch && o->batch != 0)
        return er_fail(err, ER_E_USAGE, "%s takes all examples at once; batch is %lld", ops->name,
                       (long long)o->batch);
    return ER_OK;
}

const char *er_stop_reason_text(enum er_stop_reason reason)
{
    static const char *const text[] = {"train_error", "train_loss", "epochs",  "steps",
                                       "seconds",     "plateau",    "diverged"};
    return text[reason];
}
