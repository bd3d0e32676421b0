# What the scripts of util/ share; sourced by them, for bash.

ROOT=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
NAME=${0##*/}


say() {
    printf '%s\n' "$*"
}


die() {
    printf '%s: %s\n' "$NAME" "$*" >&2
    exit 1
}


wrong_use() {
    printf '%s: %s; see "util/%s --help"\n' "$NAME" "$*" "$NAME" >&2
    exit 2
}


# the comment at the top of a script is its manual

manual() {
    sed -n -e '1d' -e '/^#/!q' -e 's/^# \{0,1\}//p' "$0"
}


# /usr/sbin is not in every user's PATH

find_nginx() {
    local nginx

    for nginx in "$(command -v nginx || true)" /usr/sbin/nginx; do
        if [[ -n $nginx && -x $nginx ]]; then
            printf '%s\n' "$nginx"
            return 0
        fi
    done

    return 1
}
