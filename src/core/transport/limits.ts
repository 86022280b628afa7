/**
 * How large anything on the wire may be. Checked before a length is used, because the peer's text is hostile until
 * its MAC verifies and may be wrong even then (an unchecked netstring length is how CVE-2006-3121 came about).
 */
export const wireLimits = {
  /** A UDP datagram cannot be larger; real status messages have about 310 bytes. */
  receivedBytes: 65_536,
  /** What fits one IPv4 datagram (65,507) with room to spare. */
  sentBytes: 60_000,
  /** What a compressed message may grow to: Heartbeat's own limit for a message. */
  expandedBytes: 262_144,
  fields: 64,
  nameBytes: 128,
  /** Decimal digits of a netstring's length. */
  lengthDigits: 5,
  /** `15 ` and 128 hexadecimal digits of HMAC-SHA512. */
  macTextBytes: 131,
} as const;
