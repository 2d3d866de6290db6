import { exampleRoute, secretInUrl } from "./secret-in-url.ts";

export const secretInRemoteUrl = secretInUrl({
  id: "secret-in-remote-url",
  title: "A remote's URL carries a secret",
  where: "a remote's URL",
  entryOf: ({ purpose, rewrittenBy, entry }) => (purpose === "remote" && rewrittenBy === null ? entry : null),
  example: () => exampleRoute({ purpose: "remote" }),
});
