/* Faults of a disk, for the tests: preloaded into the relay, it stands between SQLite and the system's calls on the
 * files whose path holds "journal.sqlite". What it does is read, at each call, from a mapped file of 32-bit numbers that
 * the test writes (PINRELAY_DISK_FAULTS names it):
 *
 *   0  errno of writes (0: none)          3  microseconds that a sync takes longer
 *   1  errno of syncs (0: none)           4  calls so far that were failed
 *   2  writes that still succeed first
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

enum { WRITE_ERRNO, SYNC_ERRNO, WRITES_LEFT, SYNC_DELAY, FAILED, COUNT };

static volatile int *plan(void) {
    static volatile int *mapped;
    static int asked;
    if (!asked) {
        asked = 1;
        const char *path = getenv("PINRELAY_DISK_FAULTS");
        int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
        if (fd >= 0) {
            void *at = mmap(NULL, COUNT * sizeof(int), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
            if (at != MAP_FAILED) mapped = at;
            close(fd);
        }
    }
    return mapped;
}

static int is_journal(int fd) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return strstr(path, "journal.sqlite") != NULL;
}

static int fails_write(int fd) {
    volatile int *p = plan();
    if (!p || !p[WRITE_ERRNO] || !is_journal(fd)) return 0;
    if (p[WRITES_LEFT] > 0) {
        __atomic_sub_fetch(&p[WRITES_LEFT], 1, __ATOMIC_SEQ_CST);
        return 0;
    }
    __atomic_add_fetch(&p[FAILED], 1, __ATOMIC_SEQ_CST);
    errno = p[WRITE_ERRNO];
    return 1;
}

static int fails_sync(int fd) {
    volatile int *p = plan();
    if (!p || (!p[SYNC_ERRNO] && !p[SYNC_DELAY]) || !is_journal(fd)) return 0;
    if (p[SYNC_DELAY] > 0) usleep((useconds_t)p[SYNC_DELAY]);
    if (!p[SYNC_ERRNO]) return 0;
    __atomic_add_fetch(&p[FAILED], 1, __ATOMIC_SEQ_CST);
    errno = p[SYNC_ERRNO];
    return 1;
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t pwrite(int fd, const void *from, size_t count, off_t at) {
    return fails_write(fd) ? -1 : NEXT(pwrite)(fd, from, count, at);
}

ssize_t pwrite64(int fd, const void *from, size_t count, off64_t at) {
    return fails_write(fd) ? -1 : NEXT(pwrite64)(fd, from, count, at);
}

ssize_t write(int fd, const void *from, size_t count) {
    return fails_write(fd) ? -1 : NEXT(write)(fd, from, count);
}

int fsync(int fd) { return fails_sync(fd) ? -1 : NEXT(fsync)(fd); }
int fdatasync(int fd) { return fails_sync(fd) ? -1 : NEXT(fdatasync)(fd); }
