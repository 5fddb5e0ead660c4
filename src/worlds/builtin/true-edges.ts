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
export interface TrueEdgeWords {
  /** A value by its producer: `out('find_station', '/station_code')`. */
  out(tool: string, outPath: string): GroupMember;
  /** An argument that comes from one of the producers; `optional` when a user could state it too. */
  data(tool: string, param: string, members: GroupMember[], optional?: 'optional'): TrueGroup;
  /** One of these must have succeeded before, whatever it gave. */
  state(tool: string, ...before: string[]): TrueGroup;
}

export function trueEdgesOf(world: string): TrueEdgeWords {
  const key = (tool: string): string => toolKey(world, tool);
  return {
    out: (tool, outPath) => ({ tool: key(tool), outPath }),
    data: (tool, param, members, optional) => ({ tool: key(tool), kind: 'data', param, members, ...(optional ? { optional: true } : {}) }),
    state: (tool, ...before) => ({ tool: key(tool), kind: 'state', members: before.map((other) => ({ tool: key(other) })) }),
  };
}
