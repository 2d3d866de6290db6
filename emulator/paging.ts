/** Lists in pages. [doc] */
import { REST_HOST } from "../src/core/bitbucket.ts";
import { restError } from "./answers.ts";

const PAGE_LENGTH = 10;
const MOST = 100;

/** The page that `?page=` and `?pagelen=` ask for, with `next` while there is more. */
export function page(values: readonly unknown[], url: URL): Response {
  const length = Number(url.searchParams.get("pagelen") ?? PAGE_LENGTH);
  const number = Number(url.searchParams.get("page") ?? 1);
  // That too long a page is refused rather than cut is [inferred].
  if (!Number.isInteger(length) || length < 1 || length > MOST)
    return restError(400, { message: "Invalid pagelen" });
  if (!Number.isInteger(number) || number < 1) return restError(404, { message: "Invalid page" });
  const end = number * length;
  const next = new URL(`https://${REST_HOST}${url.pathname}${url.search}`);
  next.searchParams.set("page", String(number + 1));
  return Response.json({
    values: values.slice(end - length, end),
    pagelen: length,
    size: values.length,
    page: number,
    ...(end < values.length ? { next: next.href } : {}),
  });
}
