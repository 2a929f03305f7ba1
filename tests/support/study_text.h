/* study_text.h - studies from texts, for tests. */
#ifndef ERMINE_TESTS_SUPPORT_STUDY_TEXT_H
#define ERMINE_TESTS_SUPPORT_STUDY_TEXT_H

#include <ermine/study.h>

/* Parses a NUL-terminated text as the file s.yaml, from line 1. */
enum er_status study_parse(const char *yaml, struct er_study **out, struct er_error *err);

/* "path=value path=value ..." of a run: the axes in order, "-" where a path has no value there. */
const char *study_row(const struct er_study *study, int64_t run, char *out, size_t size);

#endif
