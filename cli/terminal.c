/* terminal.c - asks the terminal and the environment. */
#include "terminal.h"

#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

int terminal_width(FILE *stream, int otherwise)
{
    struct winsize size;
    if (!isatty(fileno(stream))) return otherwise;
    if (ioctl(fileno(stream), TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
    return size.ws_col;
}

bool terminal_redraws(FILE *stream)
{
    const char *term = getenv("TERM");
    return isatty(fileno(stream)) && term && term[0] && strcmp(term, "dumb") != 0;
}

bool terminal_colours(FILE *stream)
{
    const char *no = getenv("NO_COLOR");
    return terminal_redraws(stream) && !(no && no[0]);
}

bool terminal_unicode(void)
{
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}
