#!/bin/sh
# try.sh TAR [ARGUMENT...]: runs the image without a container engine, for a machine that has none: its layers are laid
# into a folder, that is mounted read-only, and the image's entry point is run in it as the image's user, with a /data and
# a /tmp that can be written. Needs root for mount and chroot, and python3 to read the image's own description.
set -eu

tar=$1
shift
place=$(mktemp -d)
end() {
  for mounted in proc data tmp ""; do
    umount "$place/root/$mounted" 2>/dev/null || true
  done
  rm -rf "$place"
}
trap end EXIT

mkdir "$place/image" "$place/layers" "$place/root" "$place/data" "$place/tmp"
tar -xf "$tar" -C "$place/image"
python3 - "$place/image" >"$place/described" <<'END'
import json, sys
folder = sys.argv[1]
one = json.load(open(folder + "/manifest.json"))[0]
config = json.load(open(folder + "/" + one["Config"]))["config"]
print(" ".join(one["Layers"]))
print(config["User"])
print(config["WorkingDir"])
print(" ".join(config["Env"]))
print("\x1f".join(config["Entrypoint"]))
END
{
  read -r layers
  read -r user
  read -r folder
  read -r variables
  read -r entry
} <"$place/described"
for layer in $layers; do
  tar --warning=no-unknown-keyword -xf "$place/image/$layer" -C "$place/layers"
done
mkdir -p "$place/layers/proc"
chown "${user%%:*}" "$place/data" "$place/tmp"

mount --bind "$place/layers" "$place/root"
mount -o remount,bind,ro "$place/root"
mount -t proc proc "$place/root/proc" 2>/dev/null || true
mount --bind "$place/data" "$place/root/data"
mount --bind "$place/tmp" "$place/root/tmp"

words=$(printf '%s' "$entry" | tr '\037' '\n')
set -f
IFS='
'
# shellcheck disable=SC2086 # one word a line
set -- $words "$@"
unset IFS
set +f
# shellcheck disable=SC2086 # the variables are words
env -i $variables "$(command -v chroot)" --userspec="$user" "$place/root" "$@"
