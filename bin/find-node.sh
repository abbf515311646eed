# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by the launcher and the scripts.

# Sets `node` to a Node.js of version 24 or later for the checkout $1: PASEKA_NODE where that is set, the host's own,
# else the one that script/bootstrap fetched. Fails, with `node` empty, where there is none.
find_node() {
  node=${PASEKA_NODE:-node}
  version=$("$node" --version 2>/dev/null) || version=v0
  version=${version#v}
  if [ "${version%%.*}" -ge 24 ]; then return; fi
  if [ -z "${PASEKA_NODE:-}" ]; then
    for node in "$1"/node_modules/node-linux-*/bin/node; do
      if [ -x "$node" ]; then return; fi
    done
  fi
  node=
  return 1
}
