/* http_client.h - a browser's side of HTTP/1.1, byte by byte, so that tests see what is sent. */
#ifndef ERMINE_TESTS_SUPPORT_HTTP_CLIENT_H
#define ERMINE_TESTS_SUPPORT_HTTP_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

struct http_client {
    int fd; /* -1: not connected */
    char *data;
    size_t length; /* of what has come, a NUL behind it */
    bool ended;    /* the other side has closed */
};

/* Connects to 127.0.0.1 and sends `request` as it is; http_client_close() in any case. */
bool http_client_open(struct http_client *client, int port, const char *request);
void http_client_close(struct http_client *client);

/* Reads until `text` has come (NULL: until the other side closes), for at most ten seconds. */
bool http_client_until(struct http_client *client, const char *text);

/* "GET path HTTP/1.1" with the right Host, `more` header lines ("" or "Name: value\r\n"), and a close after it;
 * reads the answer to its end. */
bool http_client_get(struct http_client *client, int port, const char *path, const char *more);

#endif
