#!/usr/bin/env bash
# Records what tokio-console shows of the two programs, in a window of tmux: `screens/`. Needs tmux, and tokio-console on the PATH
# (`cargo install tokio-console --version 0.1.14 --locked`). Times differ from run to run, so nothing compares these files;
# `look` sees the same without times, and is compared.
set -euo pipefail
cd "$(dirname "$0")"
export TERM=xterm-256color LC_ALL=C.UTF-8

RUSTFLAGS="--cfg tokio_unstable" cargo build --quiet --locked --target-dir ../../../target/console
mkdir -p screens

# What the window shows, without the lines on keys, the paths, and the columns on the right of which only the beginning has room.
shown() {
  tmux -L screens capture-pane -p |
    sed -e '1,/quit = q/d' -e '/^Location: /d' |
    awk '/^(Warn |ID-)/ { end = match($0, /(Location|Attributes)/) - 1 } { print end ? substr($0, 1, end) : $0 }' |
    sed -e 's/ *$//' -e '/^Poll Times/,$d' | sed -e :a -e '/^\n*$/{$d;N;ba' -e '}'
}

# looks PROGRAM: starts it, and tokio-console beside it.
looks() {
  TOKIO_CONSOLE_BIND=127.0.0.1:6671 "../../../target/console/debug/$1" >/dev/null &
  program=$!
  sleep 3
  tmux -L screens -f /dev/null new-session -d -x 90 -y 24 'tokio-console --lang C --no-colors http://127.0.0.1:6671'
  sleep 3
}

press() {
  for key in "$@"; do tmux -L screens send-keys "$key"; sleep 1; done
}

ends() {
  tmux -L screens kill-server
  kill "$program"
  wait "$program" 2>/dev/null || true
}

looks pool
shown >screens/tasks.txt
press r Down Enter
shown >screens/semaphore.txt
ends

looks wakers
shown >screens/warnings.txt
press Down Up Enter
shown >screens/lost.txt
ends
