/* blas_lock.c - see blas_lock.h. */
#define _GNU_SOURCE /* RTLD_NEXT */
#include "math/blas_lock.h"

#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static int64_t buffers;
static void *(*library_alloc)(int);
static void (*library_free)(void *);

/* POSIX lets an object pointer hold a function's; C has no conversion for it. */
static void find_library(void)
{
    void *const alloc = dlsym(RTLD_NEXT, "blas_memory_alloc"), *const back =
                                                                   dlsym(RTLD_NEXT, "blas_memory_free");
    memcpy(&library_alloc, &alloc, sizeof library_alloc);
    memcpy(&library_free, &back, sizeof library_free);
}

void *blas_memory_alloc(int place)
{
    pthread_once(&once, find_library);
    pthread_mutex_lock(&lock);
    void *buffer = library_alloc(place);
    buffers++;
    pthread_mutex_unlock(&lock);
    return buffer;
}

void blas_memory_free(void *buffer)
{
    pthread_once(&once, find_library);
    pthread_mutex_lock(&lock);
    library_free(buffer);
    pthread_mutex_unlock(&lock);
}

int64_t er_blas_lock_buffers(void)
{
    pthread_mutex_lock(&lock);
    const int64_t n = buffers;
    pthread_mutex_unlock(&lock);
    return n;
}
