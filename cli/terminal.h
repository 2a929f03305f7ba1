/* terminal.h - what the terminal behind a stream can do. */
#ifndef ERMINE_CLI_TERMINAL_H
#define ERMINE_CLI_TERMINAL_H

#include <stdbool.h>
#include <stdio.h>

/* Its width in characters when `stream` is a terminal, `otherwise` when not. */
int terminal_width(FILE *stream, int otherwise);

/* True when lines of `stream` may be redrawn: a terminal that is not TERM=dumb. */
bool terminal_redraws(FILE *stream);

/* True when colour is welcome: as above, and NO_COLOR is unset or empty. */
bool terminal_colours(FILE *stream);

/* True when the locale's characters are UTF-8. */
bool terminal_unicode(void);

#endif
