/*
 * What must be done before the .NET runtime begins, and so cannot be done in C#: the runtime reserves its heap,
 * starts a thread and reads variables DOTNET_* before the first managed instruction, and when one of these fails it
 * ends the process with a code for which Slurm drains the node. So the limits that the hook inherited from slurmd are
 * lifted as far as the kernel lets it, its thread asks for little, and those variables are taken out of the
 * environment. Nothing here can fail: what is refused stays as it was.
 *
 * On arm64 a page may have 64 KiB, in which the linker lays out the program. The stack below is four of them, the regions
 * of the heap (SmallRuntime.props) are eight, and whatever is rounded here is rounded by the page that the kernel tells.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "../runtime-variables.h"

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

/*
 * What was relocated is not written to again (PT_GNU_RELRO). With a loader, that takes the right away; musl does not in
 * a program without one.
 */
static void protect_relocated(void)
{
    extern const char __ehdr_start[] __attribute__((visibility("hidden")));
    const Elf64_Phdr *header = (const Elf64_Phdr *)getauxval(AT_PHDR);
    const uintptr_t page = (uintptr_t)getpagesize();

    for (unsigned long i = getauxval(AT_PHNUM); header != NULL && i > 0; i--, header++)
        if (header->p_type == PT_GNU_RELRO) {
            const uintptr_t start = (uintptr_t)__ehdr_start + header->p_vaddr;
            const uintptr_t end = (start + header->p_memsz) & -page;
            (void)mprotect((void *)(start & -page), end - (start & -page), PROT_READ);
        }
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

    protect_relocated();
    forget_runtime_variables();
}

/*
 * The runtime copies the arguments into its heap before the first managed instruction, and two megabytes of them, which the
 * kernel allows, are more than the heap has. No line that makes sense has half of these words or one as long as the
 * longest path, so what is cut off only shortens what is then refused.
 */
int __real_main(int count, char **words);
int __wrap_main(int count, char **words);

int __wrap_main(int count, char **words)
{
    enum { MOST_WORDS = 64, LONGEST_WORD = 4096 };

    if (count > MOST_WORDS) {
        count = MOST_WORDS;
        words[count] = NULL;
    }

    for (int i = 0; i < count; i++)
        if (strnlen(words[i], LONGEST_WORD) == LONGEST_WORD)
            words[i][LONGEST_WORD] = '\0';

    return __real_main(count, words);
}

/*
 * What follows answers the runtime (the linker's --wrap leads its calls here) where the library's answer costs a fifth
 * of the hook's time, and more on a node with many mounts and control groups.
 */

/*
 * The files that it opens tell how large its heap may become and how many processors it may use: /proc/self/mountinfo,
 * those of the control group, /proc/meminfo, most of them twice. SmallRuntime.props says both. That such a file is not
 * there is something it is made for, and nothing else in this program opens a stream; so nothing reads one.
 */
FILE *__wrap_fopen64(const char *path, const char *mode);
ssize_t __wrap___getdelim(char **line, size_t *room, int delimiter, FILE *stream);
int __wrap___isoc99_fscanf(FILE *stream, const char *format, ...);
int __wrap_sscanf(const char *line, const char *format, ...);

FILE *__wrap_fopen64(const char *path, const char *mode)
{
    (void)path;
    (void)mode;
    errno = ENOENT;
    return NULL;
}

ssize_t __wrap___getdelim(char **line, size_t *room, int delimiter, FILE *stream)
{
    (void)line;
    (void)room;
    (void)delimiter;
    (void)stream;
    return -1;
}

int __wrap___isoc99_fscanf(FILE *stream, const char *format, ...)
{
    (void)stream;
    (void)format;
    return EOF;
}

int __wrap_sscanf(const char *line, const char *format, ...)
{
    (void)line;
    (void)format;
    return EOF;
}

/*
 * It takes a logarithm where it draws the next allocation to sample for event tracing, which is not in this program. This
 * is the mean of what it draws.
 */
double __wrap_log(double number);

double __wrap_log(double number)
{
    (void)number;
    return -1;
}

/*
 * It asks where the stack of its thread lies, for which glibc reads /proc/self/maps if that is the main thread. The
 * kernel puts the program's name at the top of that stack, with a null pointer above it (execve in fs/exec.c).
 */
int __real_pthread_getattr_np(pthread_t thread, pthread_attr_t *attributes);
int __wrap_pthread_getattr_np(pthread_t thread, pthread_attr_t *attributes);

int __wrap_pthread_getattr_np(pthread_t thread, pthread_attr_t *attributes)
{
    enum { USUAL_STACK_BYTES = 8 * 1024 * 1024 };
    const uintptr_t page = (uintptr_t)getpagesize();
    const char *name = (const char *)getauxval(AT_EXECFN);
    struct rlimit limit;

    if (name == NULL || gettid() != getpid() || getrlimit(RLIMIT_STACK, &limit) != 0)
        return __real_pthread_getattr_np(thread, attributes);

    const uintptr_t top = ((uintptr_t)name + strlen(name) + 1 + sizeof(void *) + page - 1) & -page;
    const uintptr_t bytes = limit.rlim_cur == RLIM_INFINITY ? USUAL_STACK_BYTES : limit.rlim_cur & -page;
    if (pthread_attr_init(attributes) == 0 && pthread_attr_setstack(attributes, (void *)(top - bytes), bytes) == 0)
        return 0;

    return __real_pthread_getattr_np(thread, attributes);
}

/*
 * The runtime was compiled for glibc, and asks musl for three things that are glibc's: a strerror_r that returns the text
 * (GNU's, not POSIX's), and the two functions behind CPU_ALLOC(3) and CPU_FREE(3).
 */
char *__wrap_strerror_r(int error, char *room, size_t size);
cpu_set_t *__sched_cpualloc(size_t processors);
void __sched_cpufree(cpu_set_t *set);

char *__wrap_strerror_r(int error, char *room, size_t size)
{
    (void)room;
    (void)size;
    return strerror(error);
}

cpu_set_t *__sched_cpualloc(size_t processors)
{
    return calloc((processors + 8 * sizeof(long) - 1) / (8 * sizeof(long)), sizeof(long));
}

void __sched_cpufree(cpu_set_t *set)
{
    free(set);
}
