/** The XML form of a property list. No entities of a document's own, no attributes: Apple's tools write none. */
import { type Plist, PlistUid } from "./plist-value.ts";

const TOKEN = /<(?<close>\/)?(?<name>[a-z]+)(?:\s[^<>]*)?(?<empty>\/)?>|(?<text>[^<]+)|<[!?][^>]*>/gi;

const ENTITIES: Readonly<Record<string, string>> = {
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&apos;": "'",
  "&amp;": "&",
};

interface Open {
  name: string;
  text: string;
  children: Plist[];
  keys: string[];
}

function withoutEntities(text: string): string {
  return text.replace(/&(?:lt|gt|quot|apos|amp);/g, (entity) => ENTITIES[entity] ?? entity);
}

/** What an archive's reference becomes where there is no type for it. */
function asReference(dict: ReadonlyMap<string, Plist>): Plist {
  const index = dict.get("CF$UID");
  return dict.size === 1 && typeof index === "number" ? new PlistUid(index) : dict;
}

function valueIn({ name, text, children, keys }: Open): Plist {
  switch (name) {
    case "string":
      return withoutEntities(text);
    case "integer":
    case "real":
      return Number(text);
    case "true":
      return true;
    case "false":
      return false;
    case "array":
      return children;
    case "dict":
      return asReference(new Map(keys.map((key, i) => [key, children[i] ?? null])));
    case "plist":
      return children[0] ?? null;
    default:
      return null;
  }
}

function close(element: Open, parent: Open): void {
  if (element.name === "key") parent.keys.push(withoutEntities(element.text));
  else parent.children.push(valueIn(element));
}

/** Reads the XML form; null for anything else. */
export function readXmlPlist(source: string): Plist {
  const root: Open = { name: "plist", text: "", children: [], keys: [] };
  const open: Open[] = [root];
  for (const { groups = {} } of source.matchAll(TOKEN)) {
    const top = open.at(-1) ?? root;
    if (groups.text !== undefined) top.text += groups.text;
    else if (groups.close !== undefined) {
      // What does not nest is no property list.
      if (open.length < 2 || top.name !== groups.name) return null;
      open.pop();
      close(top, open.at(-1) ?? root);
    } else if (groups.name !== undefined) {
      const element: Open = { name: groups.name, text: "", children: [], keys: [] };
      if (groups.empty === undefined) open.push(element);
      else close(element, top);
    }
  }
  return open.length === 1 ? valueIn(root) : null;
}
