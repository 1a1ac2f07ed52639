# shellcheck shell=bash
# A topology is a folder beside this one with a file "nodes" and the Slurm configuration of its nodes.

topologies() {
    local file
    for file in "$lab_home"/*/nodes; do
        file=${file%/nodes}
        printf '%s ' "${file##*/}"
    done
}

# Prints "NODE ADDRESS SERVICES" lines.
topology_nodes() { sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$1/nodes"; }

# Prints the nodes that run a Slurm service.
topology_nodes_with() { topology_nodes "$1" | awk -v service="$2" '("," $3 ",") ~ ("," service ",") { print $1 }'; }
