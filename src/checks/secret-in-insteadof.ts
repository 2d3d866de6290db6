import { configEntry } from "./example.ts";
import { exampleRoute, secretInUrl } from "./secret-in-url.ts";

export const secretInInsteadof = secretInUrl({
  id: "secret-in-insteadof",
  title: "A rule that rewrites URLs carries a secret",
  where: "an `insteadOf` rule, which puts it into every matching URL",
  entryOf: ({ rewrittenBy }) => (rewrittenBy?.secret ? rewrittenBy : null),
  example: () => {
    const rule = configEntry("url.https://ana:‹secret›@bitbucket.org/.insteadof", "https://bitbucket.org/");
    return exampleRoute({ rewrittenBy: { ...rule, secret: exampleRoute({}).url.password } });
  },
});
