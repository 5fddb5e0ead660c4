/** The database cannot answer now: away, restarting, locked, out of connections. Trying again may help. */
export class GraphUnavailable extends Error {
  override readonly name = 'GraphUnavailable';
}

/** The database refused what was asked: a statement, a constraint, a login, a version out of order. Trying again does not help. */
export class GraphInvalid extends Error {
  override readonly name = 'GraphInvalid';
}
