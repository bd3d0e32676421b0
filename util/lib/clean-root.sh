# A clean Debian in a directory, for scripts that try things in one; sourced
# after common.sh, for bash.  Needs root and mmdebstrap.


# RELEASE ROOT [TAR]: lays it out in ROOT, from TAR, which "mmdebstrap
# --variant=apt" has made, in place of a new one

lay_root() {
    local release=$1 root=$2 tar=${3-}

    ((EUID == 0)) || die "only root can make a clean Debian"

    if [[ -z $tar ]]; then
        command -v mmdebstrap >/dev/null \
            || die "mmdebstrap is not installed; run as root: apt-get install" \
                   "mmdebstrap debian-archive-keyring"

        tar=$root.tar
        say "making a clean $release"
        mmdebstrap --quiet --variant=apt --include=ca-certificates \
            "$release" "$tar"
    fi

    mkdir -- "$root"
    tar -C "$root" -xpf "$tar"
    cp -L /etc/resolv.conf "$root/etc/" 2>/dev/null || true

    # no service starts by being installed
    printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
    chmod 755 -- "$root/usr/sbin/policy-rc.d"
}


# ROOT COMMAND...: in a PID namespace that ends with it; BEFORE may be set to
# the words of a command that is to run it all, such as "unshare --net"

BEFORE=

enter_root() {
    local root=$1
    shift

    $BEFORE unshare --mount-proc="$root/proc" \
        --pid --fork --kill-child \
        chroot "$root" /usr/bin/env -i HOME=/root LC_ALL=C.UTF-8 \
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        DEBIAN_FRONTEND=noninteractive "$@"
}
