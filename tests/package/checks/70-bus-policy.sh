# The bus policy on a bus of our own with the system bus's own rules: as root and as a user that is not.

mkdir -p "$work/bus"
chmod 755 "$work" "$work/bus"
sed -e '/<user>/d; /<fork\/>/d; /<pidfile>/d; /<servicehelper>/d; /<standard_system_servicedirs\/>/d; /<include/d; /<syslog\/>/d' \
    -e "s|<listen>.*</listen>|<listen>unix:path=$work/bus/socket</listen>|" \
    -e "s|</busconfig>|<include>$root/usr/share/dbus-1/system.d/org.hookagent.Node1.conf</include></busconfig>|" \
    /usr/share/dbus-1/system.conf >"$work/bus/config"
dbus-daemon --config-file="$work/bus/config" --nofork --nopidfile --print-address=3 3>"$work/bus/address" 2>"$work/bus/log" &
bus=$!
export DBUS_SYSTEM_BUS_ADDRESS=unix:path=$work/bus/socket
for _ in {1..100}; do [[ -S $work/bus/socket ]] && break; sleep 0.05; done
/usr/bin/python3 -m dbusmock --system org.hookagent.Node1 /org/hookagent/Node1 org.hookagent.Node1 >"$work/bus/mock" 2>&1 &
mock=$!
/usr/bin/python3 -m dbusmock --system org.hookagent.Status1 /org/hookagent/Node1 org.hookagent.Node1 >"$work/bus/status" 2>&1 &
status=$!

# asks INTERFACE MEMBER [ARGUMENTS...]: the answer's error as user $who, of the owner of $name, or "answered".
cat >"$work/bus/ask" <<'END'
import sys, dbus, dbus.lowlevel
name, interface, member, *arguments = sys.argv[1:]
bus = dbus.SystemBus()
if interface == "own":
    try:
        bus.request_name(name, 0)
        print("answered")
    except dbus.DBusException as error:
        print(error.get_dbus_name())
    sys.exit()
message = dbus.lowlevel.MethodCallMessage(name, "/org/hookagent/Node1",
                                          None if interface == "-" else interface, member)
message.set_auto_start(False)
if arguments:
    message.append(*arguments, signature="s" * len(arguments))
try:
    bus.send_message_with_reply_and_block(message, 10)
    print("answered")
except dbus.DBusException as error:
    print(error.get_dbus_name())
END
asks() { setpriv --reuid "$who" --regid "$who" --clear-groups /usr/bin/python3 "$work/bus/ask" "$name" "$@" 2>&1; }

who=0
for name in org.hookagent.Status1 org.hookagent.Node1; do
    for _ in {1..100}; do
        [[ $(asks org.freedesktop.DBus.Peer Ping) == answered ]] && break
        sleep 0.1
    done
    same "root may be the agent as $name" answered "$(asks org.freedesktop.DBus.Peer Ping)"
done
readonly denied=org.freedesktop.DBus.Error.AccessDenied
mapfile -t members < <(sed -n '/<interface name="org.hookagent.Node1">/,/<\/interface>/s/.*<method name="\([^"]*\)".*/\1/p' \
    src/HookAgent.Bus/org.hookagent.Node1.xml)
same 'the interface has its methods' \
    'JobStarted JobEnded RecordFailed Hold Release Retry Forget Reconciled Refresh' "${members[*]}"
for member in "${members[@]}"; do
    # The stand-in has no such method and says so: what counts is who says no.
    who=0
    same "root may call $member" org.freedesktop.DBus.Error.UnknownMethod "$(asks org.hookagent.Node1 "$member" 1)"
    for who in 65534 1; do
        same "user $who may not call $member" $denied "$(asks org.hookagent.Node1 "$member" 1)"
    done
done
who=65534
for name in org.hookagent.Node1 org.hookagent.Status1; do
    same "user $who may not call a method of $name without naming its interface" $denied "$(asks - Release)"
    same "user $who may not be the agent as $name" $denied "$(asks own -)"
    same "user $who may not set a property of $name" $denied "$(asks org.freedesktop.DBus.Properties Set org.hookagent.Node1 State x)"
    same "user $who may not ask another interface of $name" $denied "$(asks org.freedesktop.DBus.Mock Reset)"
done
same "user $who may not call a method by the name for reading" $denied "$(asks org.hookagent.Node1 Release)"
same "user $who may look at a property" org.hookagent.Node1.UnknownProperty \
    "$(asks org.freedesktop.DBus.Properties Get org.hookagent.Node1 State)"
same "user $who may look at all properties" answered \
    "$(asks org.freedesktop.DBus.Properties GetAll org.hookagent.Node1)"
same "user $who may introspect" answered "$(asks org.freedesktop.DBus.Introspectable Introspect)"
same "user $who may ping" answered "$(asks org.freedesktop.DBus.Peer Ping)"
name=org.hookagent.Node1
same "user $who may not look by root's name, where hooks call" $denied \
    "$(asks org.freedesktop.DBus.Properties GetAll org.hookagent.Node1)"
same "user $who may not ping by root's name" $denied "$(asks org.freedesktop.DBus.Peer Ping)"

kill "$mock" "$status" "$bus"
wait "$mock" "$status" "$bus" 2>/dev/null
unset DBUS_SYSTEM_BUS_ADDRESS
