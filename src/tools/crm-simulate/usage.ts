export const usage = `Usage:
  crm_simulate [OPTION...]

What the cluster would do about a configuration and status (a CIB), and how it would look then. Nothing is touched.

Input:
  -x, --xml-file=FILE         a CIB as XML, with its status section
  -p, --xml-pipe              the same from standard input
  -L, --live-check            not possible yet: there is no cluster manager of crm mode to ask

What to do:
  -R, --run                   say what would be done
  -S, --simulate              the same, play it, and show the status that comes of it
  -X, --in-place              the same, and store the result in the input file
  -A, --show-attrs            show node attributes
  -c, --show-failcounts       show fail counts
  -s, --show-scores           show scores
  -U, --show-utilization      show utilization
  -Q, --quiet                 only what was asked for by name
  -V, --verbose               accepted

Events to begin with:
  -u, --node-up=NODE          the node is there
  -d, --node-down=NODE        the node is cleanly gone
  -f, --node-fail=NODE        the node has failed
  -i, --op-inject=OPSPEC      this operation has ended like that: web_monitor_10000@node1=7
  -F, --op-fail=OPSPEC        this operation fails on the way: web_start_0@node1=1
  -t, --set-datetime=TIME     the time that counts as now, ISO 8601
  -q, --quorum=BOOL           whether there is quorum
  -w, --watchdog=BOOL         whether there is a watchdog
  -g, --ticket-grant=TICKET   -r, --ticket-revoke=TICKET
  -b, --ticket-standby=TICKET -e, --ticket-activate=TICKET

Output:
  -I, --save-input=FILE       the CIB with the events
  -O, --save-output=FILE      the CIB after the transition
  -G, --save-graph=FILE       the transition graph as XML
  -D, --save-dotfile=FILE     the transition graph for a picture (DOT)
  -a, --all-actions           accepted: the graph has what is done, and nothing else
      --output-as=FORMAT      text or xml
      --output-to=FILE        there instead of standard output
  -$, --version   -h, --help
`;
