/*
 * What must be done before the .NET runtime begins, and so cannot be done in C#: the runtime reserves its heap,
 * starts a thread and reads variables DOTNET_* before the first managed instruction, and when one of these fails it
 * ends the process with a code for which Slurm drains the node. So the limits that the hook inherited from slurmd are
 * lifted as far as the kernel lets it, its thread asks for little, and those variables are taken out of the
 * environment. Nothing here can fail: what is refused stays as it was.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* The runtime's own thread runs no code of ours; by default it would get as much as the main thread, 8 MB. */
enum { THREAD_STACK_BYTES = 256 * 1024 };

static void lift(int resource)
{
    struct rlimit limit;
    if (getrlimit(resource, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return;

    const struct rlimit none = { RLIM_INFINITY, RLIM_INFINITY };
    if (setrlimit(resource, &none) != 0) {
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(resource, &limit);
    }
}

static void forget_runtime_variables(void)
{
    static const char prefix[] = "DOTNET_";
    char **kept = environ;
    if (kept == NULL)
        return;

    for (char **variable = environ; *variable != NULL; variable++)
        if (strncmp(*variable, prefix, sizeof prefix - 1) != 0)
            *kept++ = *variable;
    *kept = NULL;
}

__attribute__((constructor)) static void before_runtime(void)
{
    pthread_attr_t small;

    lift(RLIMIT_AS);
    lift(RLIMIT_DATA);

    /* A record that is too long for a file, however absurd, is an error to tell and not a deadly signal. */
    lift(RLIMIT_FSIZE);
    (void)signal(SIGXFSZ, SIG_IGN);

    if (pthread_attr_init(&small) == 0) {
        if (pthread_attr_setstacksize(&small, THREAD_STACK_BYTES) == 0)
            (void)pthread_setattr_default_np(&small);
        (void)pthread_attr_destroy(&small);
    }

    forget_runtime_variables();
}
