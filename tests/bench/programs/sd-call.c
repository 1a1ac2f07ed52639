/* sd-call JOB: calls JobStarted(JOB) of the agent by libsystemd's sd-bus, as a C programmer would. */
#include <systemd/sd-bus.h>

int main(int count, char **words)
{
    sd_bus *bus = NULL;
    sd_bus_message *answer = NULL;
    if (count != 2 || sd_bus_open_system(&bus) < 0)
        return 1;
    int result = sd_bus_call_method(bus, "org.hookagent.Node1", "/org/hookagent/Node1", "org.hookagent.Node1",
                                    "JobStarted", NULL, &answer, "s", words[1]);
    sd_bus_message_unref(answer);
    sd_bus_flush_close_unref(bus);
    return result < 0;
}
