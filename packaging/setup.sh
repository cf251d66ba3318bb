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

# Print the first of the names (a|b) that this release of the system knows. Fail when it
# knows none, as before the first update; the last name is then the best guess.
known_name() {
    for name in $(printf '%s' "$1" | tr '|' ' '); do
        if apt-cache show "$name" >/dev/null 2>&1; then
            printf '%s' "$name"
            return
        fi
    done
    printf '%s' "${1##*|}"
    return 1
}

install_packages() {
    say "updating the list of packages"
    apt-get update -qq >&2 || fail "apt-get update failed; see above."
    names=""
    for alternatives in "$@"; do
        names="$names $(known_name "$alternatives" || true)"
    done
    say "installing$names"
    # shellcheck disable=SC2086  # one word for each package
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        $names >/dev/null || fail "apt-get could not install$names; see above."
}

# Say how to install packages, and stop.
ask_for_packages() {
    names="" guesses=""
    for alternatives in "$@"; do
        name=$(known_name "$alternatives") || case $alternatives in
            *'|'*) guesses="$guesses $name is called ${alternatives%|*} on some systems." ;;
        esac
        names="$names $name"
    done
    sudo=""
    if command -v sudo >/dev/null 2>&1; then sudo="sudo "; fi
    say "some system packages are missing, for the window or the tests. Please run this" \
        "command as root, for example with sudo, then try again:"
    printf '    %sapt-get update && %sapt-get install -y%s\n' "$sudo" "$sudo" "$names" >&2
    [ -z "$guesses" ] || say "should apt-get not know a name:$guesses"
    exit 1
}

# Print the packages of the list that are not installed; $1: whose, "window" or "all".
missing_libraries() {
    while read -r user package _; do
        case $user in
            window) ;;
            test) [ "$1" = all ] || continue ;;
            *) continue ;;
        esac
        found=no
        for name in $(printf '%s' "$package" | tr '|' ' '); do
            if is_installed "$name"; then found=yes; fi
        done
        [ $found = yes ] || printf '%s\n' "$package"
    done <"$libraries"
}

# $1: the package that brings the venv module, or nothing.
see_to_system() {
    if ! has_dpkg; then
        say "this is not Debian or Ubuntu: the libraries in $libraries are not checked"
        [ -z "$1" ] || fail "$python has no venv module."
        return
    fi
    whose=window
    if [ "$purpose" = test ]; then whose=all; fi
    missing="$(missing_libraries $whose) $1"
    [ -n "$(printf '%s' "$missing" | tr -d '[:space:]')" ] || return 0
    # One command for everything: who has to ask somebody asks once.
    # shellcheck disable=SC2046,SC2086  # one word for each package
    if is_root; then
        install_packages $missing
    else
        ask_for_packages $(missing_libraries all) $1
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

has_venv() { [ -x $venv/bin/python ] && $venv/bin/python -c 'import pip' 2>/dev/null; }

# Print the package that brings the venv module, if it is missing.
missing_venv() {
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        printf '%s' "python$(python_version "$python")-venv|python3-venv"
}

make_venv() {
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
if has_venv; then
    see_to_system ""
else
    see_to_python
    see_to_system "$(missing_venv)"
    make_venv
fi
see_to_package
