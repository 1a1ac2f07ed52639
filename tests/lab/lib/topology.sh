# shellcheck shell=bash
# A topology is a folder beside this one with a file "nodes". It has a slurm.conf of its own, or is a cluster, whose
# Slurm configuration, accounting and agents come from cluster/.

topologies() {
    local file
    for file in "$lab_home"/*/nodes; do
        file=${file%/nodes}
        printf '%s ' "${file##*/}"
    done
}

# The names of what cluster/schedulers has.
schedulers() {
    local file
    for file in "$lab_home"/cluster/schedulers/*.conf; do
        file=${file##*/}
        printf '%s ' "${file%.conf}"
    done
}

# Given a topology's folder.
topology_is_cluster() { [[ ! -e $1/slurm.conf ]]; }
topology_has_many() { grep -q '^[a-z]*\*' "$1/nodes"; }

# Prints "NODE ADDRESS SERVICES" lines.
topology_nodes() { sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$1/nodes"; }

# Prints the nodes that run a service.
topology_nodes_with() { topology_nodes "$1" | awk -v service="$2" '("," $3 ",") ~ ("," service ",") { print $1 }'; }

# Copies a topology's folder; the line "com*" becomes as many nodes as are asked for.
topology_lay_out() {
    local from=$1 to=$2 count=$3
    cp -RL "$from" "$to"
    topology_nodes "$from" | awk -v count="$count" '
        $1 !~ /\*$/ { print; next }
        {
            name = substr($1, 1, length($1) - 1)
            split($2, part, ".")
            for (i = 0; i < count; i++)
                print name i, part[1] "." part[2] "." part[3] "." part[4] + i, $3
        }' >"$to/nodes"
}
