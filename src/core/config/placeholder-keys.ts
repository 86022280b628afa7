/**
 * Keys that stand in manuals, sample files and tutorials and were never meant to be used: an attacker tries them first.
 * Compared in lower case.
 */
export const placeholderKeys: readonly string[] = [
  'hi!',
  'hello!',
  'hello',
  'secret',
  'mysecret',
  'my_secret',
  'secretkey',
  'mysecretkey',
  'yoursecretkey',
  'your_secret_key',
  'setyourkeyhere',
  'somepassword',
  'mypassword',
  'yourpassword',
  'password',
  'changeme',
  'test',
  'testlab',
  'labsecret',
  'heartbeat',
  'linux-ha',
  'key',
  'sha1key',
  'thisisasamplekeyanythingalphanumericisgoodhere',
  'replace-this-with-a-key-from-pairbeat-keygen',
];
