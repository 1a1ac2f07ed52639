/*
 * What must be done before the .NET runtime begins, and so cannot be done in C#. It ends the process with 255 and not a
 * word where it cannot reserve its heap: too little address space (ulimit -v), or a limit of its own that some login
 * script set for another program (DOTNET_GCHeapHardLimit). And a standard stream that was closed gives its number to the
 * next file that is opened, the bus for one, which would then be written to.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "../runtime-variables.h"

/* With less it fails, now and then only at first. */
enum { LEAST_ADDRESS_SPACE_MIB = 96 };

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
}

__attribute__((constructor)) static void before_runtime(void)
{
    fill_standard_streams();
    forget_runtime_variables();
    need_address_space();
}
