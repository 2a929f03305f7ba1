/* schedule.h - the learning rate over time. */
#ifndef ERMINE_TRAIN_SCHEDULE_H
#define ERMINE_TRAIN_SCHEDULE_H

#include <ermine/train.h>

/* The factor on the rate after `epoch` epochs (fractional) of at most `epochs`. */
double er_schedule_factor(const struct er_schedule *s, double epoch, double epochs);

#endif
