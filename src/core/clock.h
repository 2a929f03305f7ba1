/* clock.h - seconds of a clock that only goes forward, for durations. */
#ifndef ERMINE_CORE_CLOCK_H
#define ERMINE_CORE_CLOCK_H

double er_clock_s(void);

#endif
