/*
 * What must be done before the .NET runtime begins, and so cannot be done in C#. It ends the process with 255 and not a
 * word where it cannot reserve its heap: too little address space (ulimit -v), or a limit of its own that some login
 * script set for another program (DOTNET_GCHeapHardLimit). And a standard stream that was closed gives its number to the
 * next file that is opened, the bus for one, which would then be written to.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "../runtime-variables.h"

/* The runtime takes half of what is allowed for its heap; with less than this the other half is too small at times. */
enum { LEAST_ADDRESS_SPACE_MIB = 96, THREAD_STACK_KIB = 512 };

/* What takes the place of a closed stream cannot be written to: that fails as it would have (EBADF). */
static void fill_standard_streams(void)
{
    for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; stream++)
        if (fcntl(stream, F_GETFD) < 0 && open("/dev/null", O_RDONLY) < 0)
            return;
}

static void need_address_space(void)
{
    static const char words[] = "hookctl: too little address space: it needs 96 MiB; see 'ulimit -v'\n";
    struct rlimit limit;

    if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return;

    limit.rlim_cur = limit.rlim_max;
    (void)setrlimit(RLIMIT_AS, &limit);
    if (limit.rlim_max != RLIM_INFINITY && limit.rlim_max < (rlim_t)LEAST_ADDRESS_SPACE_MIB * 1024 * 1024) {
        if (write(STDERR_FILENO, words, sizeof words - 1) < 0) {
            /* There is nobody else to tell. */
        }
        _exit(EXIT_FAILURE);
    }

    /*
     * A second thread that allocates reserves 64 MiB for an arena of its own wherever that much is left, and 8 MiB of
     * stack: enough for the runtime to find nothing later, now and then. One arena serves all (mallopt(3)).
     */
    (void)mallopt(M_ARENA_MAX, 1);
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) == 0) {
        if (pthread_attr_setstacksize(&attributes, (size_t)THREAD_STACK_KIB * 1024) == 0)
            (void)pthread_setattr_default_np(&attributes);
        (void)pthread_attr_destroy(&attributes);
    }
}

__attribute__((constructor)) static void before_runtime(void)
{
    fill_standard_streams();
    forget_runtime_variables();
    need_address_space();
}
