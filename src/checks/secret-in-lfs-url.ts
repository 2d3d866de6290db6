import { exampleRoute, secretInUrl } from "./secret-in-url.ts";

export const secretInLfsUrl = secretInUrl({
  id: "secret-in-lfs-url",
  title: "Git LFS's URL carries a secret",
  where: "the URL of Git LFS",
  entryOf: ({ purpose, entry }) => (purpose === "lfs" ? entry : null),
  example: () => exampleRoute({ purpose: "lfs" }),
});
