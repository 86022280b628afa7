import { describe, expect, it } from 'vitest';
import { addAddress, removeAddress } from '../../../src/core/config/edit-haresources.ts';

const file = `# our pair
node1 IPaddr::192.168.1.100/24/eth0 httpd  # the web
node2 db \\
  10.0.0.5/24 \\
  mysql
`;

describe('an address in haresources', () => {
  it('is put behind the last address of its group, and nothing else changes', () => {
    expect(addAddress(file, '192.168.1.101/24/eth0', 'IPaddr::192.168.1.100/24/eth0')).toMatchObject({
      value: { text: file.replace('eth0 httpd', 'eth0 192.168.1.101/24/eth0 httpd') },
    });
    expect(addAddress(file, '10.0.0.6/24', 'db')).toMatchObject({
      value: { text: file.replace('10.0.0.5/24 \\', '10.0.0.5/24 10.0.0.6/24 \\'), group: 'db' },
    });
    const service = 'node1 httpd mail\n';
    expect(addAddress(service, '10.0.0.6')).toMatchObject({ value: { text: 'node1 httpd 10.0.0.6 mail\n' } });
  });

  it('is taken out again, which gives the file as it was', () => {
    const added = addAddress(file, '10.0.0.6/24', 'db');
    expect(added.ok && removeAddress(added.value.text, '10.0.0.6')).toMatchObject({ value: { text: file } });
  });

  it('is taken out although it could never start', () => {
    expect(removeAddress('node1 httpd 300.1.1.1/24\n', '300.1.1.1')).toMatchObject({
      value: { text: 'node1 httpd\n' },
    });
  });

  it.each([
    [addAddress(file, '10.0.0.5', 'db'), 'address-there'],
    [addAddress(file, '10.0.0.9'), 'address-group-needed'],
    [addAddress(file, '10.0.0.9', 'none'), 'no-such-group'],
    [addAddress(file, '300.1.1.1/24/eth0', 'db'), 'address-malformed'],
    [addAddress(file, '10.0.0.9/99', 'db'), 'address-malformed'],
    [addAddress(file, 'mysqld', 'db'), 'address-malformed'],
    [removeAddress(file, 'mysql'), 'address-malformed'],
    [removeAddress(file, 'nosuch', 'db'), 'address-malformed'],
    [removeAddress(file, '10.0.0.9'), 'address-not-there'],
    [removeAddress(file, '192.168.1.100'), 'address-names-group'],
  ])('is refused where that makes no sense', (result, code) => {
    expect(result).toMatchObject({ ok: false, problem: { code } });
  });
});
