# The testbed's end. Argument: the testbed's directory.
# Standard input is a pipe whose other end only the testbed's JVM holds: it ends with the JVM.
trap '' HUP INT TERM
while read -r _; do :; done

directory=$1

# Every server works in a directory below the testbed's, and so do its children.
living() {
  for process in /proc/[0-9]*; do
    case $(readlink "$process/cwd" 2>/dev/null) in
      "$directory"/*) echo "${process#/proc/}" ;;
    esac
  done
}

# Again until none is found: a process may have been forking while it was looked for.
round=0
while [ $round -lt 50 ]; do
  pids=$(living)
  [ -z "$pids" ] && break
  kill -KILL $pids 2>/dev/null
  sleep 0.05
  round=$((round + 1))
done

# A killed PostgreSQL leaves the shared memory segment that its lock file names in the seventh line.
for lock in "$directory"/*/data/postmaster.pid; do
  [ -f "$lock" ] || continue
  segment=$(sed -n '7s/.* //p' "$lock")
  [ -n "$segment" ] && ipcrm -m "$segment" 2>/dev/null
done

# What lives elsewhere, such as containers. An engine that hangs must not keep the rest from being removed.
[ -f "$directory/at-end" ] && timeout 45 sh "$directory/at-end"

rm -rf "$directory"
