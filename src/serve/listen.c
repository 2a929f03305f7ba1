/* listen.c - socket, bind, listen, with errors in our words. */
#define _GNU_SOURCE /* SOCK_CLOEXEC */
#include "serve/listen.h"

#include "core/file.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

static enum er_status refuse(int error, const char *address, int port, struct er_error *err)
{
    char place[64];
    if (error == EADDRINUSE)
        return er_fail(err, ER_E_BUSY, "port %d of %s is in use; port 0 takes one that is free", port,
                       address);
    if (error == EACCES)
        return er_fail(err, ER_E_USAGE, "port %d of %s: only an administrator may listen below 1024", port,
                       address);
    snprintf(place, sizeof place, "%.32s:%d", address, port);
    return er_fail_errno(err, error, place, "cannot listen on");
}

enum er_status er_listen(const char *address, int port, int *out, int *bound, struct er_error *err)
{
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t length = sizeof at;
    const int yes = 1;
    if (port < 0 || port > 65535)
        return er_fail(err, ER_E_USAGE, "port: %d is not within 0 (any that is free) to 65535", port);
    if (inet_pton(AF_INET, address, &at.sin_addr) != 1)
        return er_fail(err, ER_E_USAGE, "\"%.64s\" is no IPv4 address", address);
    at.sin_port = htons((uint16_t)port);
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return refuse(errno, address, port, err);
    /* A port whose last server has just ended can be had again at once; one that is listened on cannot. */
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(fd, (const struct sockaddr *)&at, length) != 0 || listen(fd, SOMAXCONN) != 0 ||
        getsockname(fd, (struct sockaddr *)&at, &length) != 0) {
        const int error = errno;
        close(fd);
        return refuse(error, address, port, err);
    }
    *out = fd;
    *bound = ntohs(at.sin_port);
    return ER_OK;
}
