# shellcheck shell=bash
# For the scripts that build packages, to be sourced in the tree's folder: the sources are copied first, so that nothing is
# written beside them and the folder's name is always the same; the NuGet packages are restored once, and then the build
# runs without network and writes nowhere else.

# copy_sources TREE: what git knows or would add, less what was deleted; from a tarball, whatever is there.
copy_sources() {
    local file
    mkdir -p "$1"
    if [[ -e .git ]]; then
        git ls-files -zco --exclude-standard
    else
        find . -path ./out -prune -o -type f -print0
    fi | while IFS= read -r -d '' file; do
        [[ ! -e $file ]] || printf '%s\0' "$file"
    done | tar --null -T - -c | tar -x -C "$1"
}

# restore WORK ARCH: into NUGET_PACKAGES.
restore() {
    local program runtime=()
    [[ $2 == "$(dpkg --print-architecture)" ]] || runtime=(-p:RuntimeIdentifier=linux-"${2/amd64/x64}")
    for program in Hook Daemon Ctl; do
        dotnet restore --verbosity quiet "src/HookAgent.$program" "${runtime[@]}" -p:ArtifactsPath="$1/restore"
    done
}

# fenced WORK TREE COMMAND...: no network, and nothing to write to but the work folder and a /tmp of its own: the SDK's
# locks are there.
fenced() {
    local work=$1 fence
    shift
    # shellcheck disable=SC2016 # for the inner shells
    fence=(unshare --net --mount --propagation private sh -c 'mount -t tmpfs tmpfs /tmp &&
        mount --bind "$0" "$0" && mount -o remount,bind,ro / && cd "$1" && shift && exec "$@"' "$work")
    if [[ $work == /tmp/* ]] || ! "${fence[@]}" "$1" true 2>/dev/null; then
        echo "${0##*/}: not root, not allowed to, or below /tmp: the build is not fenced in" >&2
        # shellcheck disable=SC2016
        fence=(sh -c 'cd "$1" && shift && exec "$@"' sh)
    fi
    "${fence[@]}" "$@"
}
