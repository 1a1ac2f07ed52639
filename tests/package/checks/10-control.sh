# What the packages are, what is in them and what they ask for.

field() { dpkg-deb --field "$1" "$2"; }

# Names with the owner and mode; Debian 12 installs units under /lib, Debian 13 under /usr/lib.
contents() {
    dpkg-deb --contents "$1" | sed 's/^\([^ ]*\) \([^ ]*\) .* \.\//\1 \2 \//' | grep -v '^d' |
        sed 's| /lib/systemd| /usr/lib/systemd|; s/ link to .*//' | LC_ALL=C sort -k 3
}

for package in hookagent hookagent-wasimoff; do
    deb=$HOOKAGENT_DEB
    [[ $package == hookagent ]] || deb=$HOOKAGENT_WASIMOFF_DEB
    same "$package holds what it should" "$(cat "tests/package/contents/$package")" "$(contents "$deb")"
    same "$package's files in /etc are configuration files" \
        "$(dpkg-deb --fsys-tarfile "$deb" | tar -t | sed -n 's|^\.\(/etc/.*[^/]\)$|\1|p' | sort)" \
        "$(dpkg-deb --info "$deb" conffiles | sort)"
done
same 'the folder for drop-ins is there' drwxr-xr-x \
    "$(dpkg-deb --contents "$HOOKAGENT_DEB" | awk '$NF == "./etc/hookagent/hookagent.conf.d/" { print $1 }')"

at_most 'installed size of hookagent' 15360 "$(field "$HOOKAGENT_DEB" Installed-Size)" KiB
depends=$(field "$HOOKAGENT_DEB" Depends | tr ',' '\n' | sed 's/^ *//; s/ *([^)]*)//g' | sort | paste -sd, -)
case $depends in
    'default-dbus-system-bus | dbus-system-bus,libc6')
        ok "hookagent depends on libc and a system bus alone" ;;
    *) not_ok "hookagent depends on libc and a system bus alone" "$depends" ;;
esac
changes=${HOOKAGENT_DEB%.deb}.changes
silent 'lintian has nothing to say' lintian --allow-root --pedantic --display-info --fail-on error,warning,info,pedantic "$changes"
