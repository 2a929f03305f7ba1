/* train_nets.h - nets that runs share: one for each model, loss and shape of data.
 */
#ifndef ERMINE_EXPERIMENTS_TRAIN_NETS_H
#define ERMINE_EXPERIMENTS_TRAIN_NETS_H

#include <ermine/net.h>
#include <ermine/schema.h>

/* Texts are borrowed from points. */
struct er_train_nets {
    struct er_train_net {
        const char *model, *loss;
        struct er_shape shape;
        int64_t classes;
        struct er_net *net;
    } * net;
    int64_t n;
};

/* Room for the nets of so many runs. ER_E_NOMEM. */
enum er_status er_train_nets_new(int64_t runs, struct er_train_nets *out, struct er_error *err);
void er_train_nets_clear(struct er_train_nets *nets);

/* *out = the net of a run's point on this data, new or one that another run had. er_train_member_net()'s errors. */
enum er_status er_train_nets_find(struct er_train_nets *nets, const struct er_point *point,
                                  const struct er_dataset *data, const struct er_net **out,
                                  struct er_error *err);

#endif
