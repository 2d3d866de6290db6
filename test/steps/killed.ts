/** A process of its own that kills itself: `killed.ts fix|undo HOME N`. Says `done` when it reached its end. */
import { undo } from "../../src/steps/undo.ts";
import { realFiles } from "../../src/world/files.ts";
import { watchChanges } from "./breaking-files.ts";
import { portsIn } from "./room.ts";
import { EVERYTHING, fixOrRollBack } from "./scenarios.ts";

const [what, home = "", at = "0"] = process.argv.slice(2);
const files = watchChanges(realFiles(), (count) => {
  if (count === Number(at)) process.kill(process.pid, "SIGKILL");
});
const ports = portsIn(home, files);
if (what === "undo") await undo(ports, null, "0.0.0");
else await fixOrRollBack(ports, EVERYTHING, home);
process.stdout.write("done");
