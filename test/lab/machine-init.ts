/**
 * What runs as pid 1 of every lab machine: a few lines of POSIX shell. A shell is used because its `wait` reaps
 * orphans as an init must (Node reaps only children that it knows), and because it needs no time to start.
 *
 * Directories that must be private are bound over those of the machine underneath. If such a directory does not exist
 * there, its parent is covered by a memory file system with a symbolic link for each original entry, so that nothing
 * is ever created on the real disk. It is complete before it covers anything, for the commands used here live there too.
 */
export const machineInit = `
set -e
mount --make-rprivate /
hostname "$LAB_NAME"
mount -t sysfs sysfs /sys 2>/dev/null || true

mirror() {
  real="$LAB_STORE/real$1"
  links="$LAB_STORE/links$1"
  mkdir -p "$real" "$links"
  mount --rbind "$1" "$real"
  mount -t tmpfs -o mode=0755 pairbeat-lab "$links"
  for entry in "$real"/* "$real"/.[!.]*; do
    if [ -e "$entry" ] || [ -L "$entry" ]; then echo "$entry"; fi
  done | xargs -r -d '\\n' ln -s -t "$links"
  mount --bind "$links" "$1"
}

private() {
  mkdir -p "$LAB_STORE/$2"
  if [ ! -d "$1" ]; then mirror "$(dirname "$1")"; mkdir "$1"; fi
  mount --bind "$LAB_STORE/$2" "$1"
}

private /etc/ha.d ha.d
private /var/lib/heartbeat state
private /var/log log
if [ -n "$LAB_OCF" ]; then private /usr/lib/ocf ocf; fi
mount -t tmpfs -o mode=0755 pairbeat-lab /run
mkdir -p /run/lock
if [ ! -L /var/run ]; then mount --bind /run /var/run; fi

echo mounted
read -r go
ip -batch "$LAB_STORE/network"
echo ready
exec </dev/null >/dev/null 2>&1
while :; do
  sleep 2147483647 &
  wait $!
done
`;
