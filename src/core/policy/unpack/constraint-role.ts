/**
 * The role that a colocation or a ticket names. `Started` holds for any role of something that runs, as does nothing at all.
 */
import { parseRole } from '../../cib/values.ts';
import { type Role, role } from '../working-set.ts';

export function roleOfConstraint(written: string | undefined): Role | undefined {
  switch (parseRole(written)) {
    case 'Promoted':
      return role.promoted;
    case 'Unpromoted':
      return role.unpromoted;
    case 'Stopped':
      return role.stopped;
    default:
      return undefined;
  }
}
