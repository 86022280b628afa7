/** The power switch as a host reaches it: a fence agent, and a script of the cluster-glue kind. Both are plain sh. */

/** Puts a request into the mailbox and waits for the answer: `CODE words`. */
export const askTheSwitch = `
ask() {
  box=/etc/ha.d/power
  name=$box/$$.$1
  rm -f "$name.answer"
  echo "$1 $2" > "$name.new" && mv "$name.new" "$name.request" || return 1
  while [ ! -e "$name.answer" ]; do sleep 0.02; done
  read -r code said < "$name.answer"
  rm -f "$name.answer"
  return "$code"
}
`;

/** The fence-agents API: no arguments, name=value lines on standard input, exit 0, 1, or 2 for OFF. */
export const fenceLab = `#!/bin/sh
# Fence agent of the lab's power switch.
action=reboot
while IFS== read -r name value; do
  case "$name" in
    action) action=$value ;;
    nodename) node=$value ;;
    plug|port) plug=$value ;;
  esac
done
${askTheSwitch}
case "$action" in
  metadata)
    cat <<'END'
<?xml version="1.0" ?>
<resource-agent name="fence_lab" shortdesc="Fence agent of the lab">
<parameters>
<parameter name="action" unique="0" required="1"><content type="string" default="reboot"/></parameter>
<parameter name="plug" unique="0" required="1" obsoletes="port"><content type="string"/></parameter>
<parameter name="password" unique="0" required="0"><content type="string"/></parameter>
</parameters>
<actions>
<action name="on" automatic="0"/>
<action name="off"/>
<action name="reboot"/>
<action name="status"/>
<action name="monitor"/>
<action name="list"/>
<action name="metadata"/>
</actions>
</resource-agent>
END
    exit 0
    ;;
  monitor)
    ask monitor
    code=$?
    [ "$code" = 0 ] || echo "$said" >&2
    exit "$code"
    ;;
  list)
    ask list || exit 1
    for host in $said; do echo "$host,"; done
    exit 0
    ;;
  reboot) action=reset ;;
esac
ask "$action" "\${plug:-$node}"
code=$?
if [ "$code" = 1 ]; then echo "$said" >&2; else echo "$said"; fi
exit "$code"
`;

/** The interface of external/ scripts: SCRIPT ACTION [HOST], parameters in the environment, ha_log.sh in the PATH. */
export const externalLab = `#!/bin/sh
# Script of the lab's power switch.
${askTheSwitch}
case "$1" in
  gethosts)
    ask list || exit 1
    for host in $said; do echo "$host"; done
    ;;
  status) ask monitor ;;
  on|off|reset)
    ask "$1" "$2"
    code=$?
    if [ "$code" = 0 ]; then ha_log.sh info "$said"; else ha_log.sh err "$said"; fi
    exit "$code"
    ;;
  getconfignames) echo hostlist ;;
  getinfo-devid|getinfo-devname|getinfo-devdescr) echo "power switch of the lab" ;;
  getinfo-devurl) echo "about:blank" ;;
  getinfo-xml)
    echo '<parameters><parameter name="hostlist" unique="1" required="1"><content type="string"/></parameter></parameters>'
    ;;
  *) exit 1 ;;
esac
`;
