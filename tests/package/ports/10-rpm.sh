# The rpm packages: what they are, what is in them and what they ask for.

readonly out=${HOOKAGENT_DEB%/*}
version=$(dpkg-deb --field "$HOOKAGENT_DEB" Version)
rpm_of() { echo "$out/hookagent-$version-1.$1.rpm"; }
readonly wasimoff_rpm=$out/hookagent-wasimoff-$version-1.noarch.rpm
query() { rpm --dbpath "$work/rpmdb" --query --package "$@" 2>&1; }
# unpack RPM FOLDER
unpack() { mkdir -p "$2" && (cd "$2" && rpm2cpio "$1" | cpio --extract --make-directories --quiet); }

for machine in x86_64 aarch64; do
    unpack "$(rpm_of $machine)" "$work/$machine"
    unpack "$wasimoff_rpm" "$work/$machine"
done

# What the .deb holds, less what is Debian's own, and what rpm wants of its own.
as_rpm() {
    sed -E '/lintian|\.Debian\.gz$|changelog\.gz$|\/copyright$/d; s|^([^ ]*) root/root |\1 root root |' "$@"
    if [[ $1 == */hookagent ]]; then
        printf -- '-rw-r--r-- root root %s\n' /usr/lib/systemd/system-preset/80-hookagent.preset \
            /usr/share/licenses/hookagent/{LICENSE,copyright}
    else
        echo '-rw-r--r-- root root /usr/share/licenses/hookagent-wasimoff/LICENSE'
    fi
}
for rpm in "$(rpm_of x86_64)" "$(rpm_of aarch64)" "$wasimoff_rpm"; do
    name=${rpm##*/}
    package=$(query --queryformat '%{NAME}' "$rpm")
    same "$name holds what the .deb holds" "$(as_rpm "tests/package/contents/$package" | LC_ALL=C sort -k 4)" \
        "$(query --queryformat '[%{FILEMODES:perms} %{FILEUSERNAME} %{FILEGROUPNAME} %{FILENAMES}\n]' "$rpm" | grep -v '^d' | LC_ALL=C sort -k 4)"
    same "settings of $name that somebody has changed are kept" \
        "$(query --list "$rpm" | grep '^/etc/.*\.\(conf\|env\)$' | sed 's/^/cn /')" \
        "$(query --queryformat '[%{FILEFLAGS:fflags} %{FILENAMES}\n]' "$rpm" | grep '^[a-z]* /etc/.*\.\(conf\|env\)$')"
done
for machine in x86_64 aarch64; do
    same "what the rpm for $machine asks for" \
        '(dbus or dbus-1 or dbus-broker) /bin/sh config(hookagent) coreutils grep libc.so.6 libdl.so.2 libm.so.6 libpthread.so.0 librt.so.1 sed systemd' \
        "$(query --requires "$(rpm_of $machine)" | grep -v '^rpmlib\|^rtld\|^ld-linux' | sed 's/()(64bit)$\|(GLIBC_.*\| [>=].*//g' | LC_ALL=C sort -u | paste -sd ' ')"
done
same 'what the rpm of Wasimoff asks for' "/bin/bash /bin/sh coreutils hookagent >= $version systemd" \
    "$(query --requires "$wasimoff_rpm" | grep -v '^rpmlib\|^config' | LC_ALL=C sort -u | paste -sd ' ')"
said=$(rpmlint --config packaging/rpm/rpmlint.toml "$(rpm_of x86_64)" "$(rpm_of aarch64)" "$wasimoff_rpm" packaging/rpm/hookagent.spec 2>&1)
if grep -q ' 0 errors, 0 warnings' <<<"$said"; then ok 'rpmlint has nothing to say'; else not_ok 'rpmlint has nothing to say' "$said"; fi
for machine in x86_64 aarch64; do
    unpack "$out/hookagent-debuginfo-$version-1.$machine.rpm" "$work/$machine-debug"
    for program in usr/libexec/hookagent/slurm-hook usr/sbin/hookagentd usr/bin/hookctl; do
        id() { readelf --notes "$1" | sed -n 's/.*Build ID: //p'; }
        same "the symbols of ${program##*/} for $machine are its own" "$(id "$work/$machine/$program")" \
            "$(id "$work/$machine-debug/usr/lib/debug/$program-$version-1.$machine.debug")"
    done
done

# What is not compiled is the same in either kind of package; only where Debian 12 has its units differs.
for folder in etc usr/lib/tmpfiles.d usr/lib/sysusers.d usr/lib/systemd/catalog usr/share/dbus-1 usr/share/bash-completion; do
    silent "/$folder is the same in the .deb" diff --recursive "$root/$folder" "$work/x86_64/$folder"
done
for unit in "$root"/{lib,usr/lib}/systemd/system/*; do
    [[ ! -f $unit ]] || silent "${unit##*/} is the same in the .deb" cmp "$unit" "$work/x86_64/usr/lib/systemd/system/${unit##*/}"
done
