# Run by the testbed's janitor, with the engine's address and the containers' label as arguments: removes what a killed
# JVM has left.
command -v docker >/dev/null || exit 0

# Again until none is found: the engine may have been creating one.
round=0
while [ $round -lt 20 ]; do
  containers=$(docker --host "$1" ps --all --quiet --filter "label=$2") || exit 1
  [ -z "$containers" ] && break
  docker --host "$1" rm --force --volumes $containers
  sleep 0.2
  round=$((round + 1))
done
