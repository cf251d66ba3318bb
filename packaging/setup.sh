#!/bin/sh
# Make everything ready to run rampviewer from this directory.
#
#   packaging/setup.sh window    what the application needs
#   packaging/setup.sh test      the same, and what the tests need
#
# Makes .venv, installs the package in it, and sees to the system libraries. Says nothing
# and changes nothing when all is in place; needs no network then.
set -eu

cd "$(dirname "$0")/.."
purpose=${1:-window}
venv=.venv
libraries=packaging/system-libraries.txt

say() { printf 'setup: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

has_dpkg() { command -v dpkg >/dev/null 2>&1 && command -v apt-get >/dev/null 2>&1; }
is_root() { [ "$(id -u)" -eq 0 ]; }
is_installed() { dpkg -s "$1" 2>/dev/null | grep -q '^Status: .* installed$'; }

# Print the first of the names (a|b) that this release of the system knows.
known_name() {
    for name in $(printf '%s' "$1" | tr '|' ' '); do
        if apt-cache show "$name" >/dev/null 2>&1; then
            printf '%s' "$name"
            return
        fi
    done
    printf '%s' "${1##*|}"
}

# Install packages if we may; otherwise say how, and stop.
apt_install() {
    names=""
    if is_root; then
        say "updating the list of packages"
        apt-get update -qq >&2 || fail "apt-get update failed; see above."
    fi
    for alternatives in "$@"; do
        names="$names $(known_name "$alternatives")"
    done
    if ! is_root; then
        say "some system packages are missing. Please run this command, then try again:"
        printf '    sudo apt-get install -y%s\n' "$names" >&2
        exit 1
    fi
    say "installing$names"
    # shellcheck disable=SC2086  # one word for each package
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        $names >/dev/null || fail "apt-get could not install$names; see above."
}

# Print the packages of the list that are not installed.
missing_libraries() {
    while read -r user package _; do
        case $user in
            window) ;;
            test) [ "$purpose" = test ] || continue ;;
            *) continue ;;
        esac
        found=no
        for name in $(printf '%s' "$package" | tr '|' ' '); do
            if is_installed "$name"; then found=yes; fi
        done
        [ $found = yes ] || printf '%s\n' "$package"
    done <"$libraries"
}

see_to_libraries() {
    if ! has_dpkg; then
        say "this is not Debian or Ubuntu: the libraries in $libraries are not checked"
        return
    fi
    missing=$(missing_libraries)
    if [ -n "$missing" ]; then
        # shellcheck disable=SC2086
        apt_install $missing
    fi
}

python_version() { "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])'; }

see_to_python() {
    python=${PYTHON:-python3}
    command -v "$python" >/dev/null 2>&1 || fail "$python was not found."
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        fail "rampviewer needs Python 3.11 or newer, but $python is $(python_version "$python")" \
            "(PYTHON=/path/to/python3 make ... takes another one)."
}

see_to_venv() {
    if [ -x $venv/bin/python ] && $venv/bin/python -c 'import pip' 2>/dev/null; then
        return
    fi
    see_to_python
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        has_dpkg || fail "$python has no venv module."
        apt_install "python$(python_version "$python")-venv|python3-venv"
    fi
    say "making $venv"
    "$python" -m venv --clear $venv || fail "could not make $venv; see above."
}

# One line that changes whenever the package has to be installed anew.
state() { printf '%s %s\n' "$(cksum <pyproject.toml)" "$PWD"; }

see_to_package() {
    stamp=$venv/.installed-$purpose
    if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(state)" ]; then
        return
    fi
    wanted=.
    if [ "$purpose" = test ]; then wanted='.[test]'; fi
    say "installing rampviewer and what it needs (minutes the first time)"
    $venv/bin/python -m pip install -qq --disable-pip-version-check \
        --root-user-action=ignore --editable "$wanted" >&2 ||
        fail "pip could not install; see above."
    state >"$stamp"
    if [ "$purpose" = test ]; then state >$venv/.installed-window; fi
}

case $purpose in
    window | test) ;;
    *) fail "usage: packaging/setup.sh window|test" ;;
esac
# A virtual environment knows its own place: one that was moved is made anew.
for stamp in $venv/.installed-*; do
    [ -f "$stamp" ] || continue
    case $(cat "$stamp") in
        *" $PWD") ;;
        *) rm -r $venv && break ;;
    esac
done
see_to_libraries
see_to_venv
see_to_package
