# What people read: manual pages, completion, message catalog.

for page in "$root"/usr/share/man/man?/*.gz; do
    silent "man has no complaint about ${page##*/}" \
        env LC_ALL=C.UTF-8 MANROFFOPT=-ww sh -c 'man --warnings -E UTF-8 -l -Tutf8 -Z "$1" 2>&1 >/dev/null' sh "$page"
done

# completes WORDS... : what <Tab> offers at the end of them.
completes() {
    bash -c '. /usr/share/bash-completion/bash_completion
        . "$0"/usr/share/bash-completion/completions/hookctl
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_POINT=${#COMP_LINE} COMPREPLY=()
        _hookctl
        echo "${COMPREPLY[*]}"' "$root" "$@" 2>&1
}
same 'hookctl <Tab> offers the verbs' 'status reconcile --help --version' "$(completes hookctl '')"
same 'hookctl st<Tab> completes' status "$(completes hookctl st)"
same 'hookctl status --<Tab> offers its options' '--json --help' "$(completes hookctl status --)"

mkdir -p "$work/catalog/usr/lib/systemd" "$work/catalog/var/lib/systemd/catalog"
cp -r "$root/usr/lib/systemd/catalog" "$work/catalog/usr/lib/systemd/"
silent 'the message catalog is read' journalctl --update-catalog --root "$work/catalog"
same 'the catalog has an entry for each message of the agent, and no other' \
    "$(grep -ohE '"[0-9a-f]{32}"' src/HookAgent.Core/Journal/*.cs | tr -d '"' | sort)" \
    "$(sed -n 's/^-- \([0-9a-f]\{32\}\)$/\1/p' systemd/hookagent.catalog | sort)"
