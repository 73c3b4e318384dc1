/* Records what a process does to the files of one folder, for the power cut test: preloaded into the relay, it appends
 * each write, truncation, sync, creation, removal and renaming below PINRELAY_RECORD_FOLDER to the file that
 * PINRELAY_RECORD names, in the order in which they happened. The memory-mapped index of the write-ahead log is not
 * seen; SQLite makes it anew after a crash.
 *
 * An entry is a head of three 64-bit numbers (kind and length of the name; offset; length of the data), the name, the
 * data. Kinds: 'w' write, 't' truncate to the offset, 's' sync of a file, 'd' sync of a folder, 'c' creation,
 * 'u' removal, 'r' renaming with the new name as data.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;

static const char *folder(void) { return getenv("PINRELAY_RECORD_FOLDER"); }

static int trace(void) {
    static int fd = -1;
    const char *path = getenv("PINRELAY_RECORD");
    if (fd < 0 && path) fd = NEXT(open)(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    return fd;
}

static int is_inside(const char *path) {
    const char *root = folder();
    size_t length = root ? strlen(root) : 0;
    return length > 0 && strncmp(path, root, length) == 0 && (path[length] == '/' || path[length] == 0);
}

/* Whether the descriptor is one of the folder's; its name goes to `path`. */
static int is_recorded(int fd, char *path, size_t size) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, size - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return is_inside(path);
}

static void entry(char kind, const char *path, uint64_t offset, const void *data, uint64_t length) {
    uint64_t head[3] = {(uint64_t)kind | (uint64_t)strlen(path) << 8, offset, length};
    struct iovec parts[3] = {{head, sizeof head}, {(void *)path, strlen(path)}, {(void *)data, length}};
    ssize_t whole = (ssize_t)(sizeof head + strlen(path) + length);
    if (NEXT(writev)(trace(), parts, 3) != whole) {
        static const char text[] = "record: the trace cannot be written\n";
        (void)!NEXT(write)(2, text, sizeof text - 1);
        abort();
    }
}

static ssize_t recorded_pwrite(int fd, const void *from, size_t count, off_t at) {
    char path[4096];
    if (!is_recorded(fd, path, sizeof path)) return NEXT(pwrite)(fd, from, count, at);
    pthread_mutex_lock(&order);
    ssize_t done = NEXT(pwrite)(fd, from, count, at);
    if (done > 0) entry('w', path, (uint64_t)at, from, (uint64_t)done);
    pthread_mutex_unlock(&order);
    return done;
}

ssize_t pwrite(int fd, const void *from, size_t count, off_t at) { return recorded_pwrite(fd, from, count, at); }
ssize_t pwrite64(int fd, const void *from, size_t count, off64_t at) { return recorded_pwrite(fd, from, count, at); }

ssize_t write(int fd, const void *from, size_t count) {
    char path[4096];
    if (!is_recorded(fd, path, sizeof path)) return NEXT(write)(fd, from, count);
    pthread_mutex_lock(&order);
    off_t at = (fcntl(fd, F_GETFL) & O_APPEND) ? lseek(fd, 0, SEEK_END) : lseek(fd, 0, SEEK_CUR);
    ssize_t done = NEXT(write)(fd, from, count);
    if (done > 0) entry('w', path, (uint64_t)at, from, (uint64_t)done);
    pthread_mutex_unlock(&order);
    return done;
}

static int recorded_truncate(int fd, off_t length) {
    char path[4096];
    if (!is_recorded(fd, path, sizeof path)) return NEXT(ftruncate)(fd, length);
    pthread_mutex_lock(&order);
    int result = NEXT(ftruncate)(fd, length);
    if (result == 0) entry('t', path, (uint64_t)length, "", 0);
    pthread_mutex_unlock(&order);
    return result;
}

int ftruncate(int fd, off_t length) { return recorded_truncate(fd, length); }
int ftruncate64(int fd, off64_t length) { return recorded_truncate(fd, length); }

/* Nothing is recorded while a sync runs, so a write stands before it or behind it. */
static int recorded_sync(int fd, int (*sync)(int)) {
    char path[4096];
    struct stat found;
    if (!is_recorded(fd, path, sizeof path)) return sync(fd);
    pthread_mutex_lock(&order);
    int result = sync(fd);
    if (result == 0) entry(fstat(fd, &found) == 0 && S_ISDIR(found.st_mode) ? 'd' : 's', path, 0, "", 0);
    pthread_mutex_unlock(&order);
    return result;
}

int fsync(int fd) { return recorded_sync(fd, NEXT(fsync)); }
int fdatasync(int fd) { return recorded_sync(fd, NEXT(fdatasync)); }

static int recorded_open(const char *path, int flags, mode_t mode) {
    if (!(flags & (O_CREAT | O_TRUNC)) || !is_inside(path)) return NEXT(open)(path, flags, mode);
    pthread_mutex_lock(&order);
    int was_there = access(path, F_OK) == 0;
    int fd = NEXT(open)(path, flags, mode);
    if (fd >= 0 && !was_there) entry('c', path, 0, "", 0);
    if (fd >= 0 && was_there && (flags & O_TRUNC)) entry('t', path, 0, "", 0);
    pthread_mutex_unlock(&order);
    return fd;
}

#define OPEN_MODE(flags, mode)                \
    mode_t mode = 0;                          \
    if ((flags) & (O_CREAT | O_TMPFILE)) {    \
        va_list list;                         \
        va_start(list, flags);                \
        mode = (mode_t)va_arg(list, int);     \
        va_end(list);                         \
    }

int open(const char *path, int flags, ...) {
    OPEN_MODE(flags, mode)
    return recorded_open(path, flags, mode);
}

int open64(const char *path, int flags, ...) {
    OPEN_MODE(flags, mode)
    return recorded_open(path, flags | O_LARGEFILE, mode);
}

int unlink(const char *path) {
    if (!is_inside(path)) return NEXT(unlink)(path);
    pthread_mutex_lock(&order);
    int result = NEXT(unlink)(path);
    if (result == 0) entry('u', path, 0, "", 0);
    pthread_mutex_unlock(&order);
    return result;
}

int rename(const char *from, const char *to) {
    if (!is_inside(from) && !is_inside(to)) return NEXT(rename)(from, to);
    pthread_mutex_lock(&order);
    int result = NEXT(rename)(from, to);
    if (result == 0) entry('r', from, 0, to, strlen(to));
    pthread_mutex_unlock(&order);
    return result;
}
