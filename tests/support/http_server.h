/* http_server.h - a small HTTP/1.1 server on 127.0.0.1, in a thread, with bad manners on request. */
#ifndef ERMINE_TESTS_SUPPORT_HTTP_SERVER_H
#define ERMINE_TESTS_SUPPORT_HTTP_SERVER_H

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

/* What the server does with the file that is asked for. */
enum http_manner {
    HTTP_SERVES,        /* 200, or 206 for a Range */
    HTTP_TRUNCATES,     /* closes after half of the answer */
    HTTP_STALLS,        /* sends half of the answer, then nothing, and keeps the connection */
    HTTP_CLAIMS_LESS,   /* Content-Length (and what is sent of it) is half of the truth */
    HTTP_CLAIMS_MORE,   /* Content-Length is the truth and 100 */
    HTTP_ENDLESS,       /* no Content-Length, and bytes without end */
    HTTP_IGNORES_RANGE, /* 200 and the whole, whatever is asked */
    HTTP_REFUSES_RANGE, /* 416 for a Range */
    HTTP_OTHER_RANGE,   /* 206 with other bytes than were asked for */
    HTTP_NOT_FOUND,     /* 404 with a page */
    HTTP_FAILS,         /* 500 */
    HTTP_PAGE,          /* 200 and an HTML page */
    HTTP_LOOPS          /* 302 to itself */
};

struct http_file {
    const char *path; /* "/mnist/a.gz" */
    const char *bytes;
    size_t size;
};

struct http_server {
    const struct http_file *file; /* n_files files; what isn't there is a 404 */
    int n_files;
    char base[64];           /* "http://127.0.0.1:PORT" */
    _Atomic int manner;      /* enum http_manner; may change between requests */
    atomic_int requests;     /* answered so far */
    atomic_llong range;      /* start of the last Range asked for, -1 for none */
    atomic_llong bytes_sent; /* of bodies */
    atomic_bool stop;
    int socket;
    pthread_t thread;
};

/* Starts it on a free port; 0, or -1. */
int http_server_start(struct http_server *server, const struct http_file *file, int n_files);

/* Stops it and waits for its thread. */
void http_server_stop(struct http_server *server);

#endif
