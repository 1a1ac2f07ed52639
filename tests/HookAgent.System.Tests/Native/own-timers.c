/*
 * libfaketime moves each absolute timer by its offset, also one of a clock that nobody sets. Preloaded before it,
 * this leaves timers as they are, as a real step of the calendar's clock does.
 */
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

int timerfd_settime(int timer, int flags, const struct itimerspec *next, struct itimerspec *before)
{
    return (int)syscall(SYS_timerfd_settime, timer, flags, next, before);
}
