#!/bin/sh
# root.sh FOLDER: makes what the image has besides Belay itself, from this machine: a Java runtime of the modules that are
# used, the C library and loader that it was built for, and the few files that both look for. There is no base image, and
# so no shell, no package manager and nothing to update but these.
set -eu

root=$1
here=$(CDPATH='' cd "$(dirname "$0")" && pwd -P)
jdk=$("$here/../../belay" --print-jdk)

rm -rf "$root"
mkdir -p "$root/opt" "$root/etc" "$root/tmp" "$root/data" "$root/srv" "$root/usr/share/doc"

modules=java.logging,java.management,java.naming,java.security.jgss,java.security.sasl,java.sql,java.xml
modules=$modules,jdk.charsets,jdk.httpserver,jdk.localedata,jdk.management,jdk.naming.dns,jdk.security.auth,jdk.security.jgss
modules=$modules,jdk.unsupported,jdk.zipfs
"$jdk/bin/jlink" --add-modules "$modules" --no-header-files --no-man-pages --strip-debug --output "$root/opt/java"

# The C library's files that the runtime names, at the places where its loader looks for them.
for file in "$root"/opt/java/bin/java "$root"/opt/java/lib/*.so "$root"/opt/java/lib/server/*.so; do
  ldd "$file"
done | sed -n 's/.*=> \(\/[^ ]*\) (.*/\1/p; s/^[[:space:]]*\(\/[^ ]*\) (.*/\1/p' | sort -u | while IFS= read -r library; do
  case $library in
    "$root"/*) ;;
    *)
      mkdir -p "$root$(dirname "$library")"
      cp -L "$library" "$root$library"
      ;;
  esac
done

printf 'root:x:0:0:root:/:\nbelay:x:10001:10001:Belay:/data:\n' >"$root/etc/passwd"
printf 'root:x:0:\nbelay:x:10001:\n' >"$root/etc/group"
printf 'hosts: files dns\n' >"$root/etc/nsswitch.conf"
cp "$here/../../LICENSE" "$root/usr/share/doc/LICENSE-belay"
if [ -r /usr/share/doc/libc6/copyright ]; then
  cp /usr/share/doc/libc6/copyright "$root/usr/share/doc/copyright-libc"
fi
