# What people read: manual pages, completion, message catalog.

for page in "$root"/usr/share/man/man?/*.gz; do
    silent "man has no complaint about ${page##*/}" \
        env LC_ALL=C.UTF-8 MANROFFOPT=-ww sh -c 'man --warnings -E UTF-8 -l -Tutf8 -Z "$1" 2>&1 >/dev/null' sh "$page"
done

# Each link of a page in the packages leads to a page that is in them.
for page in "$root"/usr/share/doc/hookagent*/*.md; do
    same "${page#"$root"} has no dead link" '' \
        "$(grep -oE '\]\([^):#]+\)' "$page" | tr -d ']()' | while read -r link; do
            [[ $link == /* ]] && link=$root$link || link=${page%/*}/$link
            [[ -e $link ]] || echo "$link"
        done)"
done

# completes WORDS... : what <Tab> offers at the end of them.
completes() {
    bash -c '. /usr/share/bash-completion/bash_completion
        . "$0"/usr/share/bash-completion/completions/hookctl
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_POINT=${#COMP_LINE} COMPREPLY=()
        _hookctl
        echo "${COMPREPLY[*]}"' "$root" "$@" 2>&1
}
# The verbs are what --help lists first.
mapfile -t verbs < <("$root/usr/bin/hookctl" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p')
same 'hookctl <Tab> offers the verbs' "${verbs[*]} --output --json --quiet --no-legend --no-pager --help --version" "$(completes hookctl '')"
same 'hookctl st<Tab> completes' status "$(completes hookctl st)"
for verb in '' "${verbs[@]}"; do
    [[ $verb != report ]] || continue # see below
    # What --help lists at the beginning of a line is what <Tab> offers.
    same "hookctl $verb <Tab> offers what its --help lists" \
        "$("$root/usr/bin/hookctl" ${verb:+"$verb"} --help | sed -n 's/^  \(-[a-zA-Z], \)\?\([a-z-]\{2,\}\) .*/\2/p' | sort)" \
        "$(completes hookctl ${verb:+"$verb"} '' | tr ' ' '\n' | sort)"
done
# Where files may follow, the options come after a dash.
same 'hookctl report --<Tab> offers what its --help lists' \
    "$("$root/usr/bin/hookctl" report --help | sed -n 's/^  \(-[a-zA-Z], \)\?\(--[a-z-]*\) .*/\2/p' | sort)" \
    "$(completes hookctl report -- | tr ' ' '\n' | sort)"
manual() { LC_ALL=C.UTF-8 MANWIDTH=200 man -l "$root/usr/share/man/$1.gz" 2>/dev/null; }
page=$(manual man8/hookagentd.8)
same 'hookagentd(8) explains every state and reason' '' \
    "$(sed -n 's/.*Reason\.[A-Za-z]* => "\([a-z-]*\)",/\1:/p; s/.*NodeState\.[A-Za-z]* => "\([a-z-]*\)",/\1/p' \
        src/HookAgent.Core/Node/ReasonText.cs | while read -r word; do grep -qE "^ +$word" <<<"$page" || echo "$word"; done)"
for program in man8/slurm-hook.8=usr/libexec/hookagent/slurm-hook man8/hookagentd.8=usr/sbin/hookagentd; do
    same "the manual of ${program##*/} explains every option" '' \
        "$(page=$(manual "${program%%=*}") && "$root/${program#*=}" --help 2>&1 | grep -oE '^ +--[a-z-]+' | tr -d ' ' |
            while read -r option; do grep -qF -- "$option" <<<"$page" || echo "$option"; done)"
done
same 'hookagent.conf(5) explains every setting' '' \
    "$(page=$(manual man5/hookagent.conf.5) && "$root/usr/sbin/hookagentd" --check --root "$root" | sed -n 's/^\([A-Za-z]*=\).*/\1/p' |
        while read -r key; do grep -qE "^ +$key" <<<"$page" || echo "$key"; done)"
same 'org.hookagent.Node1(5) names every member' '' \
    "$(page=$(manual man5/org.hookagent.Node1.5) && sed -n 's/.*<\(method\|property\) name="\([^"]*\)".*/\2/p' \
        src/HookAgent.Bus/org.hookagent.Node1.xml | grep -vxE 'Get|GetAll|Set|Introspect|Ping|GetMachineId' |
        while read -r member; do grep -qw "$member" <<<"$page" || echo "$member"; done)"
same 'hookagent.conf shows every setting with its default' \
    "$("$root/usr/sbin/hookagentd" --check --root "$work/none" | grep -v '^#' | sort)" \
    "$(sed -n 's/^#\([A-Z][A-Za-z]*=.*\)/\1/p; /^\[/p' "$root/etc/hookagent/hookagent.conf" | sort)"
silent 'the shipped settings are good' sh -c '"$0/usr/sbin/hookagentd" --check --root "$0" >/dev/null' "$root"

mkdir -p "$work/catalog/usr/lib/systemd" "$work/catalog/var/lib/systemd/catalog"
cp -r "$root/usr/lib/systemd/catalog" "$work/catalog/usr/lib/systemd/"
silent 'the message catalog is read' journalctl --update-catalog --root "$work/catalog"
# What goes on as it should has none.
ordinary=$(sed -n '/> Ordinary { get; }/,/;/s/.*\[\(.*\)\];/\1/p' src/HookAgent.Core/Journal/NodeMessageIds.cs | sed 's/, /\\|/g')
same 'the catalog has an entry for each message of the programs but the ordinary ones, and no other' \
    "$(sed -n "/const string \($ordinary\) = /d; s/.*const string .* = \"\([0-9a-f]\{32\}\)\";/\1/p" src/HookAgent.Core/Journal/*MessageIds.cs | sort)" \
    "$(sed -n 's/^-- \([0-9a-f]\{32\}\)$/\1/p' systemd/hookagent.catalog | sort)"
same 'each entry has a subject, a page of the manual and a text' '' \
    "$(awk '/^-- / { if (id && !(subject && page && text)) print id; id = $2; subject = page = text = 0 }
        /^Subject: ./ { subject = 1 } /^Documentation: man:/ { page = 1 } page && NF && !/^Doc/ { text = 1 }
        END { if (!(subject && page && text)) print id }' systemd/hookagent.catalog)"

# The steps before a release are the same wherever they are told, and in their order: jobs that came before the hook are
# asked for first.
for file in debian/hookagent.postinst packaging/slurm.conf.example README.md; do
    same "$file has 'hookctl reconcile' between doctor and release" 'hookctl doctor hookctl reconcile hookctl release' \
        "$(grep -oE 'hookctl (doctor|reconcile|hold|release)' "$file" | tr '\n' ' ' | grep -oE 'hookctl doctor (hookctl reconcile )?hookctl release' | sort -u)"
done
