/* owner.h - who has a store open, so that leases die with their process.
 *
 * Beside the store lies a file STORE-owners, empty and never written. Every store that is open for writing
 * has a number, given out once by the table `owners`, and holds a lock on the byte of that number in that
 * file: an open-file-description lock (fcntl F_OFD_SETLK), which the kernel drops when the description
 * closes, also by kill -9. So whether an owner lives is asked of the kernel, not guessed from time stamps.
 *
 * Two stores opened by one process are two descriptions and two owners. A child by fork() shares its parent's
 * description and keeps it alive, and must not use the store; an exec() closes it. The lock is in a file of
 * its own because closing any descriptor of the database's file would drop the locks that SQLite holds there.
 * Removing STORE-owners while stores are open makes their leases look dead: runs may be computed twice then,
 * to the same bits, and the first to finish is kept.
 */
#ifndef ERMINE_STUDY_OWNER_H
#define ERMINE_STUDY_OWNER_H

#include <ermine/store.h>

/* Sets store->owners and store->owner; forgets dead owners and with them their leases. */
enum er_status er_owner_open(struct er_store *store, struct er_error *err);

/* Gives the number back with all that it has leased. */
void er_owner_close(struct er_store *store);

/* True while the store with that number is open, in this process or in another. */
bool er_owner_lives(const struct er_store *store, int64_t owner);

#endif
