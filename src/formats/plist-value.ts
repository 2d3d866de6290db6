/** What a property list holds, as far as anybody here wants it: dates and data are null. */

/** A reference into an archive's table of objects. */
export class PlistUid {
  constructor(readonly index: number) {}
}

export type PlistDict = ReadonlyMap<string, Plist>;

export type Plist = null | boolean | number | string | PlistUid | PlistDict | readonly Plist[];

export function isDict(value: Plist | undefined): value is PlistDict {
  return value instanceof Map;
}
