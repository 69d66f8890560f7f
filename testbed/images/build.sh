#!/bin/sh
# Builds images for the testbed where no registry can be reached: testbed-postgres from Debian's packages, and
# testbed-kafka from the jars that Maven has resolved. They take what the testbed gives to the official images.
# Needs root, debootstrap, a Docker engine, and the module testbed/kafka built (mvn -pl testbed -am package -DskipTests).
#
#   testbed/images/build.sh [Debian suite [mirror]]
set -eu

suite=${1:-bookworm}
mirror=${2:-http://deb.debian.org/debian}
here=$(cd "$(dirname "$0")" && pwd)
repository=${MAVEN_REPOSITORY:-$HOME/.m2/repository}
jars=$(tr '|' '\n' <"$here/../kafka/target/classes/io/ledgerconnect/testbed/kafka.classpath" | sed "s|^[^/]*|$repository|")
kafka=$(echo "$jars" | sed -n 's|.*/kafka-clients-\(.*\)\.jar|\1|p')

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

debootstrap --variant=minbase --include=postgresql,openjdk-17-jre-headless "$suite" "$work/root" "$mirror"
rm -rf "$work"/root/var/cache/apt/archives/*.deb "$work"/root/var/lib/apt/lists/*
postgres=$(ls "$work/root/usr/lib/postgresql")
tar -C "$work/root" -c . | docker import - "testbed-debian:$suite"

mkdir -p "$work/context/libs"
cp "$here"/* "$work/context"
cp $jars "$work/context/libs"
cd "$work/context"
# The engine's own builder looks for no base image in a registry.
export DOCKER_BUILDKIT=0
docker build --build-arg "BASE=testbed-debian:$suite" --build-arg "VERSION=$postgres" \
  --file postgres.Dockerfile --tag "testbed-postgres:$postgres" .
docker build --build-arg "BASE=testbed-debian:$suite" --file kafka.Dockerfile --tag "testbed-kafka:$kafka" .

echo "-Dtestbed.backend=docker -Dtestbed.image.postgres=testbed-postgres:$postgres -Dtestbed.image.kafka=testbed-kafka:$kafka"
