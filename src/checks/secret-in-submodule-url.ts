import { exampleRoute, secretInUrl } from "./secret-in-url.ts";

export const secretInSubmoduleUrl = secretInUrl({
  id: "secret-in-submodule-url",
  title: "A submodule's URL carries a secret",
  where: "a submodule's URL",
  entryOf: ({ purpose, rewrittenBy, entry }) =>
    purpose === "submodule" && rewrittenBy === null ? entry : null,
  example: () => exampleRoute({ purpose: "submodule", remote: "vendor" }),
});
