/* Every layer of the list, written in many ways and set into small nets: all its readings against the
 * oracle, against differences of our own loss, and against each other. */
#include "t.h"

#include "support/trial.h"
#include "support/written.h"

/* Under a sanitizer losses and training take turns with the places for the plainest way too. */
static bool skipped(const struct er_layer_ops *ops, int loss, int training, enum written_place place)
{
    if (ops->pointwise) return !training && (loss + (int)place) % 2;
    return (loss + training + (int)place) % 2;
}

/* The plainest way of writing a layer meets every loss; the others take turns with them, and with training
 * and evaluation where these are alike. A pointwise layer sees neither where it stands nor whether it trains: its other
 * ways take turns with the places too, and as all of them share what threads do, the plainest way stands for the others. */
static int try_layer(const struct er_layer_ops *ops, enum written_place place)
{
    static char layer[WRITTEN_MOST][WRITTEN_LENGTH], text[WRITTEN_LENGTH + 64];
    const int n = written_layers(ops, 1, layer);
    int fit = 0, losses = 0;
    struct er_loss_info loss;
    while (er_loss_describe(losses, &loss)) losses++;
    for (int i = 0; i < n; i++) {
        struct trial_case c = {.text = text, .classes = 3, .loss = "cross-entropy", .rows = 4};
        if (i > 0 && ops->pointwise && i % WRITTEN_PLACES != (int)place) continue;
        c.in = written_net(place, layer[i], text);
        if (trial_fits(&c) != ER_OK) continue;
        for (int j = 0; j < losses; j++)
            for (int training = 0; training < 2; training++) {
                if (i == 0 && ops->pointwise && training && j != (int)place) continue;
                const bool apart = ops->mixes_rows || strcmp(ops->name, "dropout") == 0;
                if (i > 0 && ((i + training) % losses != j || (!apart && training))) continue;
                if (T_SANITIZED && i == 0 && skipped(ops, j, training, place)) continue;
                er_loss_describe(j, &loss);
                c.loss = loss.name;
                c.classes = 2 + (i + j + training) % 2;
                c.training = i > 0 && !apart ? fit % 2 : training;
                c.seed = 100 * (uint64_t)i + 10 * (uint64_t)j + (uint64_t)training;
                trial_check(&c, i == 0);
                if (ops->pointwise ? i == 0 && j == 0 && !training : i > 0 || j == 0)
                    trial_check_many_rows(&c);
            }
        fit++;
    }
    return fit;
}

int main(void)
{
    struct er_layer_info info;
    for (int64_t i = 0; er_layer_describe(i, &info); i++) {
        const struct er_layer_ops *ops = er_layer_find(info.name);
        int fit = 0;
        for (int place = 0; place < WRITTEN_PLACES; place++) fit += try_layer(ops, (enum written_place)place);
        printf("# %s: %d nets\n", info.name, fit);
        T_OK(fit > 0, "%s fits no net", info.name);
        T_OK(!ops->pointwise || (!ops->join && ops->forward), "%s: the table", info.name);
    }
    printf("# differences: %d smooth, %d at a kink\n", (int)trial_smooth, (int)trial_kinked);
    T_OK(T_SANITIZED || trial_kinked < trial_smooth / 4, "kinks are rare: %d to %d", (int)trial_kinked,
         (int)trial_smooth);
    return t_done();
}
