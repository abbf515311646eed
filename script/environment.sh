# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by the scripts from the checkout's root: puts its Node.js and its tools first on PATH.

. bin/find-node.sh
if ! find_node "$PWD" || [ ! -d node_modules ]; then
  echo 'not set up yet: run script/bootstrap' >&2
  exit 3
fi
PATH=$PWD/node_modules/.bin:$PATH
case $node in */*) PATH=${node%/*}:$PATH ;; esac
export PATH
# A link leads to another checkout's packages, which may be older than what this one wants.
if [ -L node_modules ] && ! cmp -s package-lock.json node_modules/.installed-lock.json; then
  echo 'node_modules is a link to packages of another lock file: remove it and run script/bootstrap' >&2
fi
