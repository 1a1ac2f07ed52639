# The tree itself: every script by shellcheck, and no merge left half done.

mapfile -t scripts < <(git ls-files -co --exclude-standard 2>/dev/null | while read -r file; do
    [[ -f $file && $(head -c 2 "$file" | tr -d '\0') == '#!' ]] && head -n 1 "$file" | grep -qE '/(ba|da)?sh\b' && echo "$file"
done)
silent "shellcheck has nothing to say of ${#scripts[@]} scripts" shellcheck --external-sources "${scripts[@]}"
same 'no file has the marks of a conflict' '' "$(git grep -lE '^(<<<<<<<|>>>>>>>) ' 2>/dev/null)"
