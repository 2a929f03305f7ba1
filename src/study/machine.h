/* machine.h - what a result was computed on. */
#ifndef ERMINE_STUDY_MACHINE_H
#define ERMINE_STUDY_MACHINE_H

enum { ER_MACHINE_TEXT = 256 };

/* "AMD EPYC 9B45, 2 processors, avx512": the processor's model (or the architecture's name where the system
 * does not say), how many are on line, and er_isa(). */
char *er_machine_text(char out[ER_MACHINE_TEXT]);

#endif
