import type { EdgeKind, GroupMember } from '../../core/graph/graph';
import { toolKey } from '../../core/tool';

/** One conjunct of a tool's true D_T, in the form of `PrereqGroup` without its id. Only tests may read a domain's list of them. */
export interface TrueGroup {
  tool: string;
  kind: EdgeKind;
  /** Wildcard pointer of the argument; data groups only. */
  param?: string;
  members: GroupMember[];
  /** The argument can also come from a known fact. */
  optional?: boolean;
}

/** The words in which a domain's author writes its true dependencies down. */
export function trueEdgesOf(world: string) {
  const key = (tool: string): string => toolKey(world, tool);
  return {
    /** A value by its producer: `out('find_station', '/station_code')`. */
    out: (tool: string, outPath: string): GroupMember => ({ tool: key(tool), outPath }),
    /** An argument that comes from one of the producers; `optional` when a user could state it too. */
    data: (tool: string, param: string, members: GroupMember[], optional?: 'optional'): TrueGroup => ({ tool: key(tool), kind: 'data', param, members, ...(optional ? { optional: true } : {}) }),
    /** One of these must have succeeded before, whatever it gave. */
    state: (tool: string, ...before: string[]): TrueGroup => ({ tool: key(tool), kind: 'state', members: before.map((other) => ({ tool: key(other) })) }),
  };
}
