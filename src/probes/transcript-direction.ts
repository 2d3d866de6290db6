/** Whether the line shows which way the data went. Git's own words and the commands people type. */
export function operationIn(line: string): "fetch" | "push" | null {
  if (
    /git-receive-pack|receive-pack|failed to push|\bgit(?:\.exe)?\s+(?:-[cC] \S{1,200}\s+){0,5}push\b|send-pack|\[remote rejected\]|Pushing to |openPush|^To (?:https?:|ssh:|git@)|Uploading LFS/.test(
      line,
    )
  )
    return "push";
  if (
    /git-upload-pack|upload-pack|fetch-pack|\bgit(?:\.exe)?\s+(?:-[cC] \S{1,200}\s+){0,5}(?:clone|fetch|pull|ls-remote|submodule)\b|Cloning into|Fetching |Could not fetch|openFetch|Downloading LFS|smudge|Klone nach|Clonage dans|Clonando|正克隆到/.test(
      line,
    )
  )
    return "fetch";
  return null;
}
